"""make.py FOLDER: writes each model as transformers writes it, FOLDER/NAME/theirs, and the text, FOLDER/NAME/tokens.txt."""
import pathlib
import sys

import models


def main(folder):
    for seed, (name, config) in enumerate(models.configs().items()):
        home = pathlib.Path(folder, name)
        home.mkdir(parents=True)
        models.random_model(config, seed).save_pretrained(home / "theirs")
        home.joinpath("tokens.txt").write_text("\n".join(map(str, models.tokens(seed).tolist())) + "\n")


main(sys.argv[1])
