"""Run where ganisi and this package are installed from wheels, and nothing else."""

from ganisi_downstream import LocalMedian, MedianGenerated

from ganisi import GANISI
from ganisi.baselines import registered
from ganisi.datasets import make_source_identification
from ganisi.testing import check_descriptor, check_identifier

check_descriptor(LocalMedian())
check_identifier(MedianGenerated())
found = registered()
if type(found.get("median")) is not MedianGenerated:
    raise SystemExit(f"registered() found {found}, not the median of ganisi-downstream")
data = make_source_identification(10, 10, 30, size=32, leakage=1, random_state=0)
model = GANISI(LocalMedian(n_quantiles=1, grid=8), identifier=found["median"])
model.fit(data.real, data.used, generated=data.generated, groups=data.groups)
print("a package of others passes on a wheel of ganisi:", *found)
