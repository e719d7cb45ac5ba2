"""A Kafka broker of its own for one measurement, by ./dev kafka."""
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent


class Broker:
    """Started fresh in a folder, which it makes, and stopped at the end."""

    def __init__(self, folder):
        self.folder, self.address, self.pid = pathlib.Path(folder), None, None

    def __enter__(self):
        self.folder.mkdir(parents=True)
        self.dev("start", "--port", "0")
        self.address = "127.0.0.1:" + (self.folder / "port").read_text().strip()
        self.pid = int((self.folder / "pid").read_text())
        return self

    def __exit__(self, *_):
        self.dev("stop")

    def dev(self, action, *options):
        subprocess.run([ROOT / "dev", "kafka", action, "--dir", self.folder, *options], check=True, cwd=ROOT,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    @property
    def port(self):
        return self.address.rsplit(":", 1)[1]

    def topic_bytes(self, topic):
        """What the topic's partitions take on the broker's disk."""
        folders = (self.folder / "data").glob(f"{topic}-[0-9]*")
        return sum(file.stat().st_size for folder in folders for file in folder.glob("*.log"))
