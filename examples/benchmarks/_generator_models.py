"""The generators of generators.py, in torch: a diffusion model, a GAN and a VAE, each one class.

A learner has `step` (one update from a batch), `finish` (what is computed once from all training
images), `sample`, and, with its optimizers, a state that torch can load with `weights_only=True`.
Images are float32 tensors of shape (n_images, 1, size, size) in -1 .. 1. All chance comes from the
`torch.Generator` handed over, so what is drawn at a step does not depend on the steps before.
"""

import copy
import itertools
import math

import torch
from torch import nn
from torch.nn import functional

LATENT = 64


def build(settings, seed):
    """The learner that the settings name, with weights by seed."""
    learners = {"diffusion": Diffusion, "gan": Adversarial, "vae": Autoencoder}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return learners[settings.learner](settings)


def flip(images, rng):
    """Each image or its left-right mirror image, with equal chance."""
    mirrored = torch.rand(len(images), generator=rng) < 0.5
    return torch.where(mirrored[:, None, None, None], images.flip(3), images)


def shake(images, rng):
    """Rotate to 6 degrees, shift to 6 % of a side, zoom to 8 %, either way; repeat the border."""
    angle, x, y, zoom = 2 * torch.rand(4, len(images), generator=rng) - 1
    angle, zoom = angle * math.radians(6), torch.exp(0.08 * zoom)
    cos, sin = zoom * torch.cos(angle), zoom * torch.sin(angle)
    rows = torch.stack([cos, -sin, 0.12 * x, sin, cos, 0.12 * y], dim=1).reshape(-1, 2, 3)
    grid = functional.affine_grid(rows, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


AUGMENTATIONS = {"none": lambda images, rng: images, "flips": flip, "affine": shake}


class Learner(nn.Module):
    """Networks that learn together, a moving average of the one that samples, and optimizers."""

    def __init__(self, settings):
        super().__init__()
        self.settings = settings

    def set_up(self, sampler, *trained):
        """Average `sampler`, and give each of `trained` an optimizer."""
        self.average = copy.deepcopy(sampler).requires_grad_(False)
        self.optimizers = [
            torch.optim.Adam(
                network.parameters(), lr=self.settings.learning_rate, betas=self.betas, foreach=True
            )
            for network in trained
        ]

    def update(self, optimizer, loss, k):
        """One step down the gradient; the rate warms up and goes to 0 at the last step."""
        end = math.sqrt(0.5 + 0.5 * math.cos(math.pi * k / self.settings.steps))
        for group in optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * min(1, (k + 1) / 100) * end
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    @torch.no_grad()
    def follow(self, sampler, k):
        """Move the average towards `sampler`, faster in the first steps."""
        decay = min(0.998, k / (k + 50))
        torch._foreach_lerp_(list(self.average.parameters()), list(sampler.parameters()), 1 - decay)

    def finish(self, images):
        """Compute what sampling needs of all training images: nothing, for most."""

    def state(self):
        return {
            "networks": self.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }

    def restore(self, state):
        self.load_state_dict(state["networks"])
        for optimizer, of_optimizer in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(of_optimizer)


class Diffusion(Learner):
    """Denoising diffusion with v-prediction and a cosine schedule; deterministic sampling."""

    betas = (0.9, 0.99)

    def __init__(self, settings):
        super().__init__(settings)
        self.network = UNet(settings.channels, settings.patch)
        self.set_up(self.network, self.network)

    def step(self, images, k, rng):
        angle = math.pi / 2 * torch.rand(len(images), generator=rng)
        noise = torch.randn(images.shape, generator=rng)
        cos, sin = (f(angle)[:, None, None, None] for f in (torch.cos, torch.sin))
        predicted = self.network(cos * images + sin * noise, angle)
        loss = functional.mse_loss(predicted, cos * noise - sin * images)
        self.update(self.optimizers[0], loss, k)
        self.follow(self.network, k)
        return {"loss": loss.item()}

    @torch.no_grad()
    def sample(self, n, rng):
        side = self.settings.size
        x = torch.randn(n, 1, side, side, generator=rng)
        angles = torch.linspace(math.pi / 2, 0, self.settings.sampling_steps + 1)
        for angle, following in itertools.pairwise(angles):
            v = self.average(x, angle.expand(n))
            image = (angle.cos() * x - angle.sin() * v).clamp(-1, 1)
            noise = (x - angle.cos() * image) / angle.sin()
            x = following.cos() * image + following.sin() * noise
        return x


class UNet(nn.Module):
    """Blocks of pixels as channels, three scales with one block each way, skip connections."""

    def __init__(self, channels, patch):
        super().__init__()
        fine, middle, coarse = channels
        self.patch = patch
        self.register_buffer("frequencies", torch.exp(torch.linspace(0, math.log(1000), 32)))
        self.embed = nn.Sequential(
            nn.Linear(64, coarse), nn.SiLU(), nn.Linear(coarse, coarse), nn.SiLU()
        )
        self.first = nn.Conv2d(patch**2, fine, 3, padding=1)
        pairs = [(fine, fine), (fine, middle), (middle, coarse)]
        self.down = nn.ModuleList(Block(before, after, coarse) for before, after in pairs)
        self.bottom = Block(coarse, coarse, coarse)
        self.up = nn.ModuleList(Block(2 * after, before, coarse) for before, after in pairs)
        self.last = nn.Conv2d(fine, patch**2, 3, padding=1)

    def forward(self, x, angle):
        phases = angle[:, None] * self.frequencies
        embedded = self.embed(torch.cat([phases.sin(), phases.cos()], dim=1))
        x = self.first(functional.pixel_unshuffle(x, self.patch))
        passed = []
        for block in self.down:
            x = block(functional.avg_pool2d(x, 2) if passed else x, embedded)
            passed.append(x)
        x = self.bottom(x, embedded)
        for block in reversed(self.up):
            skipped = passed.pop()
            if x.shape[-1] < skipped.shape[-1]:
                x = functional.interpolate(x, scale_factor=2)
            x = block(torch.cat([x, skipped], dim=1), embedded)
        return functional.pixel_shuffle(self.last(x), self.patch)


class Block(nn.Module):
    """Two convolutions with a residual; the embedded noise level scales and shifts between them."""

    def __init__(self, n_in, n_out, n_embedded):
        super().__init__()
        self.norms = nn.ModuleList([nn.GroupNorm(8, n_in), nn.GroupNorm(8, n_out)])
        self.first = nn.Conv2d(n_in, n_out, 3, padding=1)
        self.second = nn.Conv2d(n_out, n_out, 3, padding=1)
        self.modulate = nn.Linear(n_embedded, 2 * n_out)
        self.skip = nn.Identity() if n_in == n_out else nn.Conv2d(n_in, n_out, 1)

    def forward(self, x, embedded):
        h = self.first(functional.silu(self.norms[0](x)))
        scale, shift = self.modulate(embedded)[..., None, None].chunk(2, dim=1)
        return self.skip(x) + self.second(functional.silu(self.norms[1](h) * (1 + scale) + shift))


class Decoder(nn.Module):
    """A latent vector to an image: convolutions on a grid that doubles twice, then blocks."""

    def __init__(self, settings):
        super().__init__()
        fine, middle, coarse = settings.channels
        self.side, self.patch = settings.size // (4 * settings.patch), settings.patch
        self.first = nn.Linear(LATENT, coarse * self.side**2)
        self.convolutions = nn.ModuleList(
            nn.Sequential(
                nn.GroupNorm(8, before),
                nn.SiLU(),
                nn.Conv2d(before, after, 3, padding=1),
                nn.GroupNorm(8, after),
                nn.SiLU(),
                nn.Conv2d(after, after, 3, padding=1),
            )
            for before, after in [(coarse, coarse), (coarse, middle), (middle, fine)]
        )
        self.last = nn.Conv2d(fine, self.patch**2, 3, padding=1)

    def forward(self, codes):
        x = self.first(codes).reshape(len(codes), -1, self.side, self.side)
        for k, convolution in enumerate(self.convolutions):
            x = convolution(functional.interpolate(x, scale_factor=2) if k else x)
        return functional.pixel_shuffle(self.last(functional.silu(x)), self.patch)


def encoder(settings, n_out):
    """An image to numbers. No normalisation: it would hide contrast from a discriminator."""
    fine, middle, coarse = settings.channels
    side = settings.size // (4 * settings.patch)
    return nn.Sequential(
        nn.PixelUnshuffle(settings.patch),
        nn.Conv2d(settings.patch**2, fine, 3, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(fine, middle, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(middle, coarse, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Conv2d(coarse, coarse, 3, padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(coarse * side**2, n_out),
    )


class Adversarial(Learner):
    """A GAN with the logistic loss and a penalty on the discriminator's slope at real images."""

    betas = (0.0, 0.99)
    penalty, penalised_every = 1.0, 8

    def __init__(self, settings):
        super().__init__(settings)
        self.generator, self.discriminator = Decoder(settings), encoder(settings, 1)
        self.set_up(self.generator, self.generator, self.discriminator)

    def step(self, images, k, rng):
        codes = torch.randn(len(images), LATENT, generator=rng)
        drawn = self.generator(codes)
        with torch.no_grad():
            detached = drawn.clone()
        images = images.clone().requires_grad_(True)
        of_real = self.discriminator(images)
        judged = (
            functional.softplus(-of_real).mean()
            + functional.softplus(self.discriminator(detached)).mean()
        )
        loss = judged
        if k % self.penalised_every == 0:
            (slope,) = torch.autograd.grad(of_real.sum(), images, create_graph=True)
            squared = slope.square().sum(dim=(1, 2, 3)).mean()
            loss = loss + 0.5 * self.penalty * self.penalised_every * squared
        self.update(self.optimizers[1], loss, k)
        deceived = functional.softplus(-self.discriminator(drawn)).mean()
        self.update(self.optimizers[0], deceived, k)
        self.follow(self.generator, k)
        return {"generator": deceived.item(), "discriminator": judged.item()}

    @torch.no_grad()
    def sample(self, n, rng):
        return self.average(torch.randn(n, LATENT, generator=rng))


class Autoencoder(Learner):
    """A VAE: absolute differences of pixels and of their slopes, and a light pull to the prior.

    Codes are sampled from the normal distribution with the mean and covariance of the codes of the
    training images, since a light pull leaves these away from the prior.
    """

    betas = (0.9, 0.99)
    pull = 2e-3

    def __init__(self, settings):
        super().__init__(settings)
        self.encoder, self.decoder = encoder(settings, 2 * LATENT), Decoder(settings)
        self.register_buffer("mean", torch.zeros(LATENT))
        self.register_buffer("root", torch.eye(LATENT))
        pair = nn.ModuleList([self.encoder, self.decoder])
        self.set_up(pair, pair)

    def step(self, images, k, rng):
        mean, log_variance = self.encoder(images).chunk(2, dim=1)
        log_variance = log_variance.clamp(-12, 4)
        noise = torch.randn(mean.shape, generator=rng)
        decoded = self.decoder(mean + (0.5 * log_variance).exp() * noise)
        loss = (decoded - images).abs().mean()
        for axis in (2, 3):
            loss = loss + 0.5 * (decoded.diff(dim=axis) - images.diff(dim=axis)).abs().mean()
        from_prior = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
        self.update(self.optimizers[0], loss + self.pull * from_prior, k)
        self.follow(nn.ModuleList([self.encoder, self.decoder]), k)
        return {"difference": loss.item(), "from prior": from_prior.item()}

    @torch.no_grad()
    def finish(self, images):
        mean, log_variance = self.average[0](images).double().chunk(2, dim=1)
        covariance = torch.cov(mean.T) + torch.diag(log_variance.clamp(-12, 4).exp().mean(dim=0))
        self.mean.copy_(mean.mean(dim=0))
        self.root.copy_(torch.linalg.cholesky(covariance))

    @torch.no_grad()
    def sample(self, n, rng):
        codes = torch.randn(n, LATENT, generator=rng)
        return self.average[1](self.mean + codes @ self.root.T)
