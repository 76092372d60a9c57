"""What every page of ours says to browsers, whatever it shows."""

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
"""Come back over https alone; sent where the server is reached over it."""
_FEATURES = (
    "camera", "display-capture", "geolocation", "hid", "microphone", "midi", "payment", "serial", "usb",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _FEATURES)
"""No page of ours uses any of these."""
