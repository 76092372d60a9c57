"""Databases that earlier versions wrote, brought to this version: nothing that people and apps had is lost."""
