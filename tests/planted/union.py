"""Mistakes that could be made where several eyes are one."""

from planted._mistake import Mistake

UNION = "tests/distances/test_union.py"
POOLS = "tests/identification/test_pools.py"
EVIDENCE = "tests/model/test_evidence.py"
MATCHING = "tests/model/test_two_eyes.py"
SEARCHES = "tests/model/test_searches.py"

IN_UNIONS = [
    Mistake(
        "every pairer sees all views",
        "ganisi/distances/_union.py",
        "            n_seen = self.n_views if self._sees_views(name) else 1\n",
        "            n_seen = self.n_views\n",
        UNION,
    ),
    Mistake(
        "columns in the order of sizes and not of names",
        "ganisi/distances/_union.py",
        "        ends = np.cumsum([rest if size is None else size for size in sizes]).tolist()\n",
        "        ends = np.cumsum(sorted(rest if s is None else s for s in sizes)).tolist()\n",
        UNION,
    ),
    Mistake(
        "patients of a union's queries forgotten",
        "ganisi/distances/_union.py",
        "pairer.fit_transform(rows, generated=sets, groups=groups)",
        "pairer.fit_transform(rows, generated=sets)",
        UNION,
    ),
    Mistake(
        "pairers of a union not cloned",
        "ganisi/distances/_union.py",
        "fitted = clone(pairer)",
        "fitted = pairer",
        UNION,
    ),
    Mistake(
        "a pairer counts as often as it has maps",
        "ganisi/distances/_union.py",
        "np.repeat(1 / (len(n_maps) * np.array(n_maps)), n_maps)",
        "np.full(sum(n_maps), 1 / sum(n_maps))",
        UNION,
    ),
    Mistake(
        "relative distances made relative again in the evidence",
        "ganisi/model/_evidence.py",
        'np.asarray(getattr(pairer, "relative_maps_", np.full(n_maps, bool(relative))))',
        "np.full(n_maps, bool(relative))",
        MATCHING,
    ),
    Mistake(
        "evidence of a union by textures alone",
        "ganisi/model/_evidence.py",
        'return getattr(pairer, "map_weights_", np.full(n_maps, 1 / n_maps))',
        "return np.full(n_maps, 1 / n_maps)",
        MATCHING,
    ),
    Mistake(
        "grids of a union's parts not compared with its pairers'",
        "ganisi/model/_matching.py",
        "        _take_shared(pairer, part, shared)\n        _look",
        "        _look",
        MATCHING,
    ),
    Mistake(
        "the ranks of the first group taken of all",
        "ganisi/identification/_pools.py",
        "            for group, columns in enumerate(self.columns)\n",
        "            for group, columns in enumerate(self.columns[:1] * len(self.columns))\n",
        POOLS,
    ),
    Mistake(
        "maps of a group not in units of their spread",
        "ganisi/identification/_pools.py",
        "distances[..., maps] @ (1 / (scale * len(scale)))",
        "distances[..., maps].mean(axis=2)",
        POOLS,
    ),
    Mistake(
        "rivals of the first group compete in all",
        "ganisi/identification/_rivals.py",
        "                for of_group, one in zip(nearest, by_group(pooled[some]), strict=True)\n",
        "                for of_group, one in zip(\n"
        "                    nearest[:1] * len(nearest), by_group(pooled[some]), strict=True\n"
        "                )\n",
        POOLS,
    ),
    Mistake(
        "images described as they are where a model has views",
        "ganisi/audit/_cross_fitting.py",
        "described(descriptor, images, views=views)",
        "described(descriptor, images)",
        MATCHING,
    ),
    Mistake(
        "from images, patients forgotten",
        "ganisi/audit/_cross_fitting.py",
        'known = {"groups": groups, "cv": folds, "keys": keys}',
        'known = {"cv": folds, "keys": keys}',
        MATCHING,
    ),
    Mistake(
        "from images, rivals known by their rows",
        "ganisi/audit/_cross_fitting.py",
        "keys = content_keys(images) if predicts_jointly(identifier) else None",
        "keys = None",
        MATCHING,
    ),
    Mistake(
        "a descriptor that follows the others is left behind",
        "ganisi/model/_matching.py",
        "dict.fromkeys(known, shared[name])",
        "{}",
        SEARCHES,
    ),
    Mistake(
        "a pairer without settings keeps its own defaults",
        "ganisi/model/_matching.py",
        "            pairer.set_params(**{name: value})\n",
        "            pass\n",
        SEARCHES,
    ),
    Mistake(
        "the image beside a descriptor has another grid than its pairer",
        "ganisi/model/_matching.py",
        "Intensity(grid=pairer.grid, n_quantiles=1, **work)",
        "Intensity(grid=32, n_quantiles=1, **work)",
        SEARCHES,
    ),
    Mistake(
        "a stage given in the same call is replaced by its default",
        "ganisi/model/_default_stages.py",
        "params.get(name, getattr(self, name)) is None",
        "getattr(self, name) is None",
        SEARCHES,
    ),
]
