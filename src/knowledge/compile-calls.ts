// Room: knowledge/. Calls of libraries that start a compiler while the program runs.

/**
 * Sources: cffi.readthedocs.io (verify, compile); cython.readthedocs.io (pyximport, cython.inline); docs.pytorch.org (torch.compile,
 * cpp_extension); triton-lang.org (triton.jit); numpy.org (f2py.compile); numba.readthedocs.io (numba.pycc); docs.sympy.org (autowrap).
 */
export const COMPILE_CALL =
  /\bffi\w*\.(?:verify|compile)\(|\bpyximport\.install\(|\bcython\.inline\(|\btorch\.compile\b(?!\.)|\bcpp_extension\.load\w*\(|@triton\.(?:jit|autotune)\b|\bf2py\.compile\(|\bnumba\.pycc\b|\b(?:autowrap|ufuncify)\(/;
