# In-place operations on few temporaries, einsum for the inner products.
import torch


@torch.no_grad()
def ntk_kernel(x, xprime):
    nx, ny = x.norm(dim=1), xprime.norm(dim=1)
    u = torch.einsum("id,jd->ij", x / nx[:, None], xprime / ny[:, None]).clamp_(-1, 1)
    k = torch.arccos(u).neg_().add_(torch.pi).mul_(u).mul_(2)
    k.add_(u.pow_(2).neg_().add_(1).clamp_(min=0).sqrt_())
    return k.mul_(nx[:, None]).mul_(ny[None]).div_(2 * torch.pi)
