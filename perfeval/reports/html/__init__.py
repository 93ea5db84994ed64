"""Results as a page: one file that opens by a double click, without a network.

`review`, `score` and `check` say what stands on their page; `page` puts it into the templates,
`packing` holds rows as compact data, `charts` draws. Needs the extra `html`.
"""
