# An integer of fifty thousand digits.
import sys

sys.set_int_max_str_digits(0)


def alignment(K, y):
    return 10**50_000
