"""What tests share: real databases, real processes, fakes of the outside world."""
