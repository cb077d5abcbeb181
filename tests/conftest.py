"""Shared by all tests."""

pytest_plugins = ["pytester", "isolation", "answer_schemas"]
