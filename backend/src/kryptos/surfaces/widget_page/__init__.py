"""The widget's pages, in an app's frame, in a native app or by themselves, their files, and words instead of them."""
