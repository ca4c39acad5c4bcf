"""Saves small arrays as NumPy does: python make.py (NumPy 2.4.6)."""
import numpy as np

a = np.arange(24).reshape(2, 3, 4)
for name in ("float16", "float32", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "complex64"):
    np.save(f"{name}.npy", (a % 7).astype(name))
np.save("float64.npy", np.asfortranarray((a % 7).astype("float64")))
np.save("fortran_int16.npy", np.asfortranarray(a.astype(">i2")))
for name, kind in (("float32", ">f4"), ("int64", ">i8"), ("complex64", ">c8")):
    np.save(f"big_{name}.npy", (a % 7).astype(kind))
np.save("bool.npy", a % 2 == 0)
np.save("scalar.npy", np.float32(2.5))
np.save("empty.npy", np.zeros((0, 3), "float32"))
np.save("object.npy", np.array([1, "x", None], dtype=object))
np.save("record.npy", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f8")]))
np.save("text.npy", np.array(["ab", "c"]))
np.savez("stored.npz", a=a.astype("float32"), b=np.array([1, 2, 3]))
np.savez_compressed("deflated.npz", a=np.zeros((50, 50), "float32"), b=a)
