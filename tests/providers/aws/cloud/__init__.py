"""AWS on this machine: EKS by the files in eks, every other service by moto."""
