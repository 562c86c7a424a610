"""Where the services run: image, compose and Kubernetes files, and `deploy.local`, the embedded stack."""
