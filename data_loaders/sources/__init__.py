"""Where data come from: a local mirror, public mirrors, OpenML, Keras's npz, scikit-learn."""
