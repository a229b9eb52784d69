# The middle as the only boundary between two buckets.
import torch


def predict(net, images):
    with torch.inference_mode():
        bucket = torch.bucketize(net(images).squeeze(-1), torch.tensor([(c1 + c2) / 18]))
    return c1 + bucket * (c2 - c1)
