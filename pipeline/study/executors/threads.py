"""One BLAS thread in every process that trains."""

from __future__ import annotations

import os

VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def pin_threads() -> None:
    """Pin BLAS to one thread, here and in every child process started from now on.

    More threads make two processes slower, and a float32 product by two threads is not
    bitwise the product by one.
    """
    for variable in VARIABLES:
        os.environ[variable] = "1"
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
