# Run by IPython in the learner's namespace when a kernel of `lab start` begins; leaves no name there.
try:
    from lab_support.jupyter import early_imports as _early_imports
except ImportError:  # a kernel of another environment
    pass
else:
    _early_imports.begin()
    del _early_imports
