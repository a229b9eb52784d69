"""One submission: run it in a sandboxed kernel, mark it, keep the result under the hash of
everything that it depends on. No gradebook and no course folder."""
