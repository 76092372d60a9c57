"""The hand-written part of the hot path: the rendering of a workspace's holdings, if it is still true."""

from kryptos.domains.grants import Rider

RENDERING = Rider(
    columns="r.body AS rendering_body, r.tag AS rendering_tag, r.rows AS rendering_rows",
    joins="""
LEFT JOIN portfolio_versions pv ON pv.workspace_id = g.workspace_id AND pv.mode = c.mode
LEFT JOIN holdings_renderings r ON r.workspace_id = g.workspace_id AND r.mode = c.mode
  AND r.variant = $3 AND r.format = $4 AND r.version = pv.version
  AND (r.mode = 'sandbox'
       OR r.price_epoch = COALESCE((SELECT e.epoch FROM price_epochs e WHERE e.base_currency = 'USD'), 0))
""",
)
"""Parameters: the variant's name, and the form of the surface."""
