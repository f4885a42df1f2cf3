"""Pages: one Python file and one template a page; every route is listed in `routes.py`."""
