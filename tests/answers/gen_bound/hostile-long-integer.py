# An integer of a million digits.
import sys

sys.set_int_max_str_digits(0)


def gen_bound(H, y):
    return 10**1_000_000
