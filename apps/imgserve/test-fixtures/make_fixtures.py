"""Writes the models that the tests of `imgserve inspect` read, and what TensorFlow's own saved_model_cli
says of them. Made with tensorflow-cpu 2.21.0, keras 3.15.1 and onnx:

    python apps/imgserve/test-fixtures/make_fixtures.py
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import onnx
import tensorflow as tf
from onnx import TensorProto, helper

HERE = pathlib.Path(__file__).parent
v1 = tf.compat.v1


class TwoSignatures(tf.Module):
    def __init__(self):
        self.weights = tf.Variable(np.ones((3, 2), np.float32))

    @tf.function(input_signature=[tf.TensorSpec([None, 4, 4, 3], tf.float32)])
    def classify(self, image):
        scores = tf.nn.softmax(tf.reduce_mean(image, [1, 2]) @ self.weights)
        return {"scores": tf.identity(scores), "image": image}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def measure(self, files):
        return {"lengths": tf.strings.length(files)}


def write_two_signatures(folder):
    model = TwoSignatures()
    signatures = {"serving_default": model.classify, "other": model.measure}
    tf.saved_model.save(model, folder, signatures=signatures)


def write_tf1(folder):
    """Graph and session, a classify signature of unknown rank, and two graphs of different tags."""
    with tf.Graph().as_default(), v1.Session() as session:
        image = v1.placeholder(tf.float32, [None, 8, 8, 3], name="in")
        weights = v1.get_variable("w", [3, 5])
        scores = tf.nn.softmax(tf.matmul(tf.reduce_mean(image, [1, 2]), weights), name="prob")
        session.run(v1.global_variables_initializer())
        definitions = v1.saved_model.signature_def_utils
        predict = definitions.predict_signature_def({"x": image}, {"p": scores})
        examples = v1.placeholder(tf.string, name="examples")
        classify = definitions.classification_signature_def(examples, None, scores)
        builder = v1.saved_model.builder.SavedModelBuilder(str(folder))
        builder.add_meta_graph_and_variables(
            session, ["serve"], {"serving_default": predict, "classify": classify}
        )
        builder.add_meta_graph(["serve", "gpu"], {"serving_default": predict})
        builder.save()


def write_keras(folder):
    image = keras.Input((None, None, 3))
    inner = keras.Sequential([keras.layers.Rescaling(1 / 255), keras.layers.Conv2D(4, 3)], name="stem")
    pooled = keras.layers.GlobalAveragePooling2D()(inner(image))
    model = keras.Model(image, keras.layers.Dense(5, name="head")(pooled), name="tiny")
    model.save(folder / "tiny.keras")
    model.save(folder / "tiny.h5")
    model.save_weights(folder / "tiny.weights.h5")
    model.export(folder / "exported" / "1", verbose=False)


def write_onnx(folder):
    nodes = [
        helper.make_node("ReduceMean", ["image"], ["mean"], axes=[1, 2], keepdims=0),
        helper.make_node("MatMul", ["mean", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["softmax"]),
        helper.make_node("Identity", ["softmax"], ["scores"]),
    ]
    weights = helper.make_tensor("weights", TensorProto.FLOAT, [3, 5], np.zeros(15, np.float32))
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 8, 8, 3]),
            # As before IR 4, where weights were inputs too.
            helper.make_tensor_value_info("weights", TensorProto.FLOAT, [3, 5]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", 5])],
        [weights],
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(
        helper.make_model(graph, opset_imports=opsets, producer_name="hand", ir_version=8),
        folder / "tiny.onnx",
    )


def said_by_saved_model_cli(folder):
    """What `saved_model_cli show --all` prints, as {tags: {signature: {inputs, outputs, method_name}}}."""
    command = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli"]
    arguments = ["show", "--dir", str(folder), "--all"]
    printed = subprocess.run(command + arguments, check=True, capture_output=True, text=True).stdout
    graphs, tensor = {}, None
    for line in printed.splitlines():
        line = line.strip()
        if found := re.match(r"MetaGraphDef with tag-set: '(.*)' contains", line):
            signatures = graphs[found[1]] = {}
        elif found := re.match(r"signature_def\['(.*)'\]:", line):
            signature = signatures[found[1]] = {"inputs": {}, "outputs": {}}
        elif found := re.match(r"(inputs|outputs)\['(.*)'\] tensor_info:", line):
            tensor = signature[found[1]][found[2]] = {}
        elif found := re.match(r"dtype: (DT_\w+)$", line):
            tensor["dtype"] = found[1]
        elif found := re.match(r"shape: (.*)", line):
            sizes = [int(size) for size in re.findall(r"-?\d+", found[1])]
            tensor["shape"] = None if found[1] == "unknown_rank" else sizes
        elif found := re.match(r"name: (.*)", line):
            tensor["name"] = found[1]
        elif found := re.match(r"Method name is: (.*)", line):
            signature["method_name"] = found[1]
    return graphs


def main():
    for name in ("two-signatures", "tf1", "keras"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    (HERE / "keras").mkdir()
    write_two_signatures(HERE / "two-signatures" / "3")
    write_tf1(HERE / "tf1" / "7")
    write_keras(HERE / "keras")
    write_onnx(HERE)
    models = HERE.parents[2] / "models"
    folders = {
        "two-signatures": HERE / "two-signatures" / "3",
        "tf1": HERE / "tf1" / "7",
        "exported": HERE / "keras" / "exported" / "1",
        "clothing-model": models / "clothing-model" / "1",
    }
    said = {name: said_by_saved_model_cli(folder) for name, folder in folders.items()}
    for leftover in HERE.rglob("fingerprint.pb"):
        leftover.unlink()
    (HERE / "saved_model_cli.json").write_text(json.dumps(said, indent=2) + "\n")


if __name__ == "__main__":
    main()
