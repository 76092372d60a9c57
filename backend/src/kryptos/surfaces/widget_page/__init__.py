"""The widget's pages, in an app's frame or by themselves, their files, and words where they cannot run."""
