"""What JupyterLab and its kernels are given when the lab starts them."""
