"""The preview: what each row would do. It reads the register and writes nothing but its own verdicts."""

from collections import Counter
from collections.abc import Sequence

from django.utils import timezone

from ikm.models import ImportRow, RegisterImport
from ikm.register.known import REJECTED, Known, Twins, Verdict
from ikm.register.reading import Read, read
from ikm.register.remarks import refuse
from ikm.register.rows import save
from ikm.register.words import Book
from web import jobs

BLOCK = 500


class Reader:
    """Reads rows of one import as its columns and words say; each business once, also over several blocks."""

    def __init__(self, job: RegisterImport):
        self.job = job
        self.book = Book(job.office, job.words)
        self.mapping = {int(index): name for index, name in job.mapping.items()}
        self.this_year = timezone.localdate().year

    def read(self, row: ImportRow) -> Read:
        return read(row.cells, self.mapping, self.book, this_year=self.this_year)

    def judge(
        self, rows: Sequence[ImportRow], *, twins: Twins | None = None, locked: bool = False
    ) -> list[Verdict]:
        """A verdict for each row, by the register as it is now."""
        reads = [self.read(row) for row in rows]
        if twins is not None:
            for row, each in zip(rows, reads, strict=True):
                if not refuse(each.remarks):
                    twins.look(each, row.number)
        known = Known(self.job.office, reads, locked=locked)
        verdicts = [known.judge(each, replaces=self.job.replaces) for each in reads]
        if twins is None:
            return verdicts
        return [twins.settle(verdict, row.number) for row, verdict in zip(rows, verdicts, strict=True)]


def check(job: RegisterImport) -> None:
    """The task: rows are judged block by block, from the first one: twins are known only to who has read them all."""
    if job.done:
        with jobs.step(job, done=0):
            pass
    reader, twins, counts = Reader(job), Twins(), Counter[str]()
    rows = list(job.rows.order_by("number"))
    for start in range(0, len(rows), BLOCK):
        block = rows[start : start + BLOCK]
        with jobs.step(job, done=start + len(block), stage="check"):
            for row, verdict in zip(block, reader.judge(block, twins=twins), strict=True):
                row.outcome, row.remarks = verdict.outcome, verdict.remarks
                row.ikm = verdict.of
                counts[verdict.outcome] += 1
            save(block)
    with jobs.step(job, done=len(rows)) as locked:
        locked.counts = dict(counts)
        locked.phase = RegisterImport.Phase.CHECKED


def rejected(job: RegisterImport) -> list[ImportRow]:
    return list(job.rows.filter(outcome=REJECTED).order_by("number"))
