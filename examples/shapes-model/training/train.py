"""Trains the network on drawn shapes and saves it, with what it is right on, as people save theirs.

    python -m training.train        in examples/shapes-model; writes shapes-model.keras
"""

from pathlib import Path

import keras
import numpy as np
from keras import layers

from training.data import SIZE, drawn_set
from training.shapes import LABELS

FILE = Path(__file__).parents[1] / "shapes-model.keras"
TRAINED_ON = 7000
HELD_OUT = 1400
EPOCHS = 24
BATCH = 64


def build() -> keras.Model:
    """Depthwise separable convolutions, as MobileNet's; probabilities out."""
    inputs = keras.Input((*SIZE, 3), name="picture")
    x = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False)(inputs)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for filters, strides in ((24, 1), (32, 2), (48, 2), (64, 2), (96, 1)):
        x = layers.DepthwiseConv2D(3, strides=strides, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(filters, 1, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    outputs = layers.Dense(len(LABELS), activation="softmax", name="shape")(x)
    return keras.Model(inputs, outputs, name="shapes")


class Turned(keras.utils.PyDataset):
    """The pictures in a new order each epoch, turned and mirrored: the shape stays the same."""

    def __init__(self, images: np.ndarray, numbers: np.ndarray) -> None:
        super().__init__()
        self.images, self.numbers = images, numbers
        self.rng = np.random.default_rng(4)
        self.on_epoch_end()

    def __len__(self) -> int:
        return -(-len(self.images) // BATCH)

    def on_epoch_end(self) -> None:
        self.order = self.rng.permutation(len(self.images))

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self.order[index * BATCH : (index + 1) * BATCH]
        mirrored = self.images[chosen][:, :: self.rng.choice([1, -1])]
        return np.rot90(mirrored, self.rng.integers(4), (1, 2)), self.numbers[chosen]


def main() -> None:
    keras.utils.set_random_seed(0)
    model = build()
    pictures = Turned(*drawn_set("train", TRAINED_ON))
    schedule = keras.optimizers.schedules.CosineDecay(3e-3, EPOCHS * len(pictures))
    optimizer = keras.optimizers.Adam(schedule)
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(pictures, epochs=EPOCHS, validation_data=drawn_set("validation", HELD_OUT), verbose=2)
    # Its optimizer's state is twice the network.
    keras.Model(model.inputs, model.outputs, name=model.name).save(FILE)


if __name__ == "__main__":
    main()
