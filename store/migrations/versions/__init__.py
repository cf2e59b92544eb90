"""One step a file, in the order of their numbers. What has been released is never changed."""
