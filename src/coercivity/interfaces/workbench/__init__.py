"""The workbench: the same runs as on the command line, in a browser on this machine.

``coercivity serve`` starts it. Nothing in here computes: a job is a sub-process of the command line
that writes a run folder, a figure is one of ``coercivity.views.charts``, words are those of the
briefing. Nothing that is served names a path of this machine, and no address takes one: every id in
an address is looked up in a list of what there is.
"""
