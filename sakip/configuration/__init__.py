"""What is measured and asked, as frozen values read from `sakip_config/`."""
