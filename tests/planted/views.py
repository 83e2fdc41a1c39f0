"""Mistakes that could be made where a query is looked at under several views."""

from planted._mistake import Mistake

NEAREST = "tests/distances/test_nearest_views.py"
VIEWS = "tests/images/test_views.py"
MODEL = "tests/model/test_views_of_queries.py"
AUDIT = "tests/audit/test_views_in_audit.py"
DISPLAY = "tests/plotting/test_evidence_display.py"

IN_THE_VIEWS = [
    Mistake(
        "view chosen after distances were made relative",
        "ganisi/distances/_base.py",
        "        return self._as_relative(self._distances(self._check_queries(X, reset=False)))\n",
        "        queries = self._check_queries(X, reset=False)\n"
        "        distances = self._distances(queries)\n"
        "        if self.relative:\n"
        "            views = np.split(queries, self.n_views, axis=1)\n"
        "            each = [np.tile(view, self.n_views) for view in views]\n"
        "            each = [self._first_view(np.ascontiguousarray(view)) for view in each]\n"
        "            each = np.stack([self.relative_scale_.standardise(view) for view in each])\n"
        "            best = each.mean(axis=3).argmin(axis=0)[None, :, :, None]\n"
        "            distances = np.take_along_axis(each, best, axis=0)[0]\n"
        "        return distances\n",
        NEAREST,
    ),
    Mistake(
        "view chosen by distances in units that differ from map to map",
        "ganisi/distances/_typical.py",
        "return (distances * weights).mean(axis=2)",
        "return distances.mean(axis=2)",
        NEAREST,
    ),
    Mistake(
        "view chosen map by map",
        "ganisi/distances/_views_of_queries.py",
        "np.copyto(distances, other, where=nearer[:, :, None])",
        "np.minimum(distances, other, out=distances)",
        NEAREST,
    ),
    Mistake(
        "a later view compared with the first one only",
        "ganisi/distances/_views_of_queries.py",
        "                np.copyto(least, means, where=nearer)\n",
        "",
        NEAREST,
    ),
    Mistake(
        "the last of equally near views",
        "ganisi/distances/_views_of_queries.py",
        "nearer = means < least",
        "nearer = means <= least",
        NEAREST,
    ),
    Mistake(
        "views of a row taken column by column",
        "ganisi/distances/_views_of_queries.py",
        "views = queries.reshape(len(queries), self.n_views, -1)\n"
        "        return np.ascontiguousarray(views[:, view])",
        "return np.ascontiguousarray(queries[:, view :: self.n_views])",
        NEAREST,
    ),
    Mistake(
        "the scale of the views learned anew from new queries",
        "ganisi/distances/_base.py",
        "        return self._as_relative(self._distances(self._check_queries(X, reset=False)))\n",
        "        queries = self._check_queries(X, reset=False)\n"
        "        self._learn_view_scale(queries, self._first_view(queries))\n"
        "        return self._as_relative(self._distances(queries))\n",
        NEAREST,
    ),
    Mistake(
        "distances of larger cells kept after a coarse search",
        "ganisi/distances/_views_of_queries.py",
        "self._compare_chosen(queries[block], sets, own, distances)",
        "distances[:] = near[0]",
        NEAREST,
    ),
    Mistake(
        "a coarse search compares each set with the pairs of the first",
        "ganisi/distances/_views_of_queries.py",
        "                    first += len(rows)\n",
        "",
        NEAREST,
    ),
    Mistake(
        "a coarse search weighs maps by their distances in all cells",
        "ganisi/distances/_views_of_queries.py",
        "known = distances is not None and self._coarsen(queries) is queries",
        "known = distances is not None",
        NEAREST,
    ),
    Mistake(
        "only queries are coarse",
        "ganisi/distances/_pairer.py",
        "cells.mean(axis=(3, 5), dtype=np.float32)",
        "cells[:, :, :, 0, :, 0]",
        NEAREST,
    ),
    Mistake(
        "generated rows of any number of views are cut to one",
        "ganisi/distances/_base.py",
        "        if rows.shape[1] != n_features:\n",
        "        rows = np.ascontiguousarray(rows[:, :n_features])\n"
        "        if rows.shape[1] != n_features:\n",
        NEAREST,
    ),
    Mistake(
        "a shift the other way",
        "ganisi/images/_views.py",
        "np.clip(np.arange(n) - d, 0, n - 1)",
        "np.clip(np.arange(n) + d, 0, n - 1)",
        VIEWS,
    ),
    Mistake(
        "a shift that wraps around",
        "ganisi/images/_views.py",
        "np.clip(np.arange(n) - d, 0, n - 1)",
        "(np.arange(n) - d) % n",
        VIEWS,
    ),
    Mistake(
        "a rotation clockwise",
        "ganisi/images/_views.py",
        "[[cos, sin], [-sin, cos]]",
        "[[cos, -sin], [sin, cos]]",
        VIEWS,
    ),
    Mistake(
        "a zoom the other way",
        "ganisi/images/_views.py",
        "np.eye(2) / by",
        "np.eye(2) * by",
        VIEWS,
    ),
    Mistake(
        "interpolated grey levels cut, not rounded",
        "ganisi/images/_views.py",
        "levels = np.rint(levels)",
        "levels = np.floor(levels)",
        VIEWS,
    ),
    Mistake(
        "mirrors after the zoom instead of before it",
        "ganisi/images/_views.py",
        "yield np.ascontiguousarray(then(turned))",
        "yield np.ascontiguousarray(first(then(image)))",
        VIEWS,
    ),
    Mistake(
        "generated images described under the views",
        "ganisi/model/_image_pairer.py",
        "self.store, task, self.verbose, half=self.half, **watch",
        "self.store, task, self.verbose, half=self.half, views=self.views, **watch",
        MODEL,
    ),
    Mistake(
        "views dropped when new queries are described",
        "ganisi/model/_image_pairer.py",
        'self._described(images, "describing queries", views=self.views)',
        'np.tile(self._described(images, "describing queries"), len(Views.of(self.views)))',
        MODEL,
    ),
    Mistake(
        "rows of a block's images put together view by view",
        "ganisi/model/_describing.py",
        "[view for image in images for view in views.apply(image)]",
        "[one for view in zip(*map(views.apply, images)) for one in view]",
        MODEL,
    ),
    Mistake(
        "sizes of new queries not compared with the views",
        "ganisi/model/_image_pairer.py",
        "        Views.of(self.views).check_shapes(facts.shapes)\n",
        "",
        MODEL,
    ),
    Mistake(
        "views of the first pairs told as those of the closest",
        "ganisi/model/_evidence.py",
        "np.take_along_axis(pairer.best_views(rows), index, axis=1)",
        "pairer.best_views(rows)[:, :n_nearest]",
        MODEL,
    ),
    Mistake(
        "evidence shows the query as it is",
        "ganisi/plotting/_evidence.py",
        "[views[view] for view in evidence.view[0]]",
        "[image for _ in evidence.view[0]]",
        DISPLAY,
    ),
    Mistake(
        "the audit looks at real images as they are",
        "ganisi/audit/_auditing.py",
        "real=described(eye.descriptor, given.images, views=eye.views)",
        "real=np.tile(described(eye.descriptor, given.images), len(eye.views))",
        AUDIT,
    ),
    Mistake(
        "the audit looks at queries as they are",
        "ganisi/audit/_auditing.py",
        "queries = described(eye.descriptor, queries, views=eye.views)",
        "queries = np.tile(described(eye.descriptor, queries), len(eye.views))",
        AUDIT,
    ),
    Mistake(
        "copies planted under the last view",
        "ganisi/audit/_auditing.py",
        "copies[name] = described(eye.descriptor, images)\n",
        "copies[name] = described(\n"
        "                eye.descriptor, [list(eye.views.apply(one))[-1] for one in images]\n"
        "            )\n",
        AUDIT,
    ),
    Mistake(
        "real images stand in under their last view",
        "ganisi/audit/_blind_checks.py",
        "rows[:, : rows.shape[1] // getattr(pairer",
        "rows[:, -rows.shape[1] // getattr(pairer",
        AUDIT,
    ),
    Mistake(
        "real images stand in under all views",
        "ganisi/audit/_blind_checks.py",
        "first_view(X[candidates], pairer)",
        "X[candidates]",
        AUDIT,
    ),
    Mistake(
        "textures alone see all views",
        "ganisi/audit/_contest.py",
        "textures_alone(fit, first_view(rows.real, eye.pairer))",
        "textures_alone(fit, rows.real)",
        AUDIT,
    ),
    Mistake(
        "textures alone of a set see all views",
        "ganisi/audit/_set_level.py",
        "(first_view(each, design.eye.pairer) for each in (rows.real, rows.queries))",
        "(rows.real, rows.queries)",
        AUDIT,
    ),
    Mistake(
        "sizes of the audit's images not compared with the views",
        "ganisi/audit/_door.py",
        "check_sets(named, eye.pairer, eye.views, ",
        "check_sets(named, eye.pairer, ",
        AUDIT,
    ),
]
