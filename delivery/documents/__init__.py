"""Documents people keep: data in, PDF out. What they are about is the caller's business."""
