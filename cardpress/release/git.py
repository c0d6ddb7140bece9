"""Asks git about a project: what is not committed, and what its files held in earlier commits.

A repository that came with a project is a stranger's data. Git runs nothing that it names (hooks, filters, a file
system monitor, remote helpers), fetches nothing, writes nothing, and reads no other repository.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from cardpress.disk.reading import MAX_FILES, MAX_PACKAGE_BYTES, list_files, read_if_there, resolve_inside

# Seconds, and bytes of what git prints. Whatever a repository holds, no command goes on beyond them.
_LONGEST = 25
_MOST = 16 * 1024 * 1024
# Commits that are searched for a package, newest first, and packages that are looked at.
_COMMITS = 10_000
_VERSIONS = 200
# Versions of the largest size that are looked at: a hundred empty megabytes take no room in a repository.
_LARGEST_VERSIONS = 8
# Files that the configuration of a repository may consist of, and bytes that their names have together.
_INCLUDED = 50
_MOST_SETTINGS = 1024 * 1024
# What git reads in each folder of a working tree.
_OF_TREE = frozenset((".gitattributes", ".gitignore"))
# Folders that are passed over when those are looked for: of tens of thousands of files, which projects ignore.
_LARGE = frozenset((".git", ".venv", "node_modules"))

# What a repository's own configuration may not set otherwise.
_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "diff.external": "",
    "safe.bareRepository": "explicit",
}
# A user's settings must not change what `git log` finds, or make it fail.
_PLAIN_LOG = ("--no-follow", "-O/dev/null", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-mailmap")
_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": "none",  # stronger than any setting of a repository: no remote is asked for anything
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",  # `git status` would write the index
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # English messages, since `_has_no_commit` looks for one
}


class GitError(Exception):
    """Git is installed but fails, or the repository is not one to ask. The message says why."""


@dataclass(frozen=True, slots=True)
class _Done:
    """How a command of git ended. `output` is cut at a limit, which `is_cut` says."""

    status: int
    output: bytes
    errors: bytes
    is_cut: bool = False

    @property
    def has_no_commit(self) -> bool:
        return b"does not have any commits yet" in self.errors

    def require(self) -> _Done:
        """Return this. Raises GitError, with git's first line, when the command failed."""
        if self.status != 0:
            raise GitError(self.errors.decode(errors="replace").strip().partition("\n")[0] or "git was stopped")
        return self


def read_commits(project: Path, name: str, limit: int) -> Iterator[Side]:
    """Yield the commits that wrote a file of the project, by their hashes: the present branch's first, newest first.

    Yields nothing when git is not installed or the project is not in a repository. Raises GitError.
    """
    repository = _open(project)
    if repository is None:
        return
    options = ("--diff-filter=AM", "--no-renames", "--format=%h", f"-{limit}")
    logs = [repository.run("log", *options, *_PLAIN_LOG, *others, "--", name) for others in ((), ("--all",))]
    for commit in dict.fromkeys(line for log in logs for line in log.output.decode().split()):
        side = _read_side(repository, name, commit)
        if side:
            yield side


@dataclass(frozen=True, slots=True)
class Side:
    """What git calls a commit, such as one side of a merge, and what a file is in it."""

    commit: str
    data: bytes


def find_changes(project: Path, out: Path) -> tuple[str, ...]:
    """Return the paths of files with changes that are not committed; none when there is no git repository.

    Files in `out` do not count, nor do files that git ignores. Raises GitError when git fails.
    """
    repository = _open(project)
    if repository is None:
        return ()
    pathspec = ["--", "."]
    if out.resolve().is_relative_to(project.resolve()):
        pathspec.append(f":(exclude,literal){out.resolve().relative_to(project.resolve()).as_posix()}")
    # Whatever a user's settings say. Of a submodule its commit counts: git would run what its configuration names.
    everything = ("--untracked-files=all", "--ignore-submodules=dirty", "--no-renames")
    done = repository.run("status", "--porcelain", "-z", *everything, *pathspec)
    return tuple(each[3:].decode(errors="replace") for each in done.require().output.split(b"\0")[:-1])


def has_repository(project: Path) -> bool:
    """Return whether git is installed and the project is in a repository. Raises GitError."""
    return _open(project) is not None


def is_shallow(project: Path) -> bool:
    """Return whether a project is in a clone that lacks older commits. Raises GitError."""
    repository = _open(project)
    return repository is not None and repository.run("rev-parse", "--is-shallow-repository").output.strip() == b"true"


def read_versions(project: Path, name: str, limit: int = MAX_PACKAGE_BYTES) -> Iterator[bytes]:
    """Yield every content that files of this name had in any commit, in any folder of the project, newest first.

    Larger ones than `limit` are passed over, and what they have together is bounded, too. Yields nothing when git is
    not installed or the project is not in a repository. Raises GitError.
    """
    repository = _open(project)
    if repository is None:
        return
    # A line for each change, for a merge one for each parent, in the raw output format of git-diff(1):
    # `:old-mode new-mode old-blob new-blob status`, a tab, the path.
    options = ["--all", "--full-history", "-m", "--raw", "--no-abbrev", "--no-renames", "--format=", f"-{_COMMITS}"]
    log = repository.run("log", *options, *_PLAIN_LOG, "--", f":(glob)**/{name}")
    if log.has_no_commit:
        return
    lines = (line for line in log.require().output.splitlines() if line.startswith(b":"))
    blobs = dict.fromkeys(line.split()[3].decode() for line in lines)
    left = limit * _LARGEST_VERSIONS
    for blob in [blob for blob in blobs if blob.strip("0")][:_VERSIONS]:  # zeros stand for a deletion
        size = int(repository.run("cat-file", "-s", blob).require().output)
        if size <= min(limit, left):
            left -= size
            yield repository.run("cat-file", "blob", blob, limit=size).require().output


def read_sides(project: Path, name: str) -> tuple[Side, Side] | None:
    """Return what a file of the project is on both sides of a merge: one that is under way, or the last commit.

    None when there are no two sides, or no git. Raises GitError.
    """
    repository = _open(project)
    if repository is None:
        return None
    for ours, theirs in (("HEAD", "MERGE_HEAD"), ("HEAD", "REBASE_HEAD"), ("HEAD", "CHERRY_PICK_HEAD")):
        # Git may leave the last two behind. Then `:3:`, the other side of a conflict (gitrevisions(7)), is another.
        if theirs == "MERGE_HEAD" or repository.identify(f":3:./{name}") == repository.identify(f"{theirs}:./{name}"):
            sides = [_read_side(repository, name, commit) for commit in (ours, theirs)]
            if sides[0] and sides[1]:
                return sides[0], sides[1]
    # By their hashes: a shell may take `^` for its own.
    commits = [repository.identify("--short", f"HEAD^{number}") for number in (1, 2)]
    sides = [_read_side(repository, name, commit) if commit else None for commit in commits]
    return (sides[0], sides[1]) if sides[0] and sides[1] else None


def _read_side(repository: _Repository, name: str, commit: str) -> Side | None:
    found = repository.run("cat-file", "blob", f"{commit}:./{name}")
    return Side(commit, found.output) if found.status == 0 else None


# --- the repository --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Repository:
    """A repository that git may be asked about. `top` is its working tree, `settings` are added to git's."""

    git: str
    top: Path
    folder: Path
    settings: Mapping[str, str]

    def run(self, *arguments: str, limit: int = _MOST) -> _Done:
        """Run git in the project's folder."""
        return _run([self.git, "--no-pager", "-C", str(self.folder), *arguments], self.environment(), limit)

    def identify(self, *arguments: str) -> str | None:
        """Return the hash of what `git rev-parse` is asked for, None when there is no such thing."""
        found = self.run("rev-parse", "--verify", "--quiet", *arguments)
        return found.output.decode().strip() if found.status == 0 else None

    def environment(self) -> dict[str, str]:
        """Return the environment variables for git."""
        # In a hook, git names its own repository in variables such as GIT_DIR; the project may be in another.
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or "CONFIG" in key}
        first = int(kept.get("GIT_CONFIG_COUNT") or 0)
        for number, (name, value) in enumerate(self.settings.items(), first):
            kept |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        places = {"GIT_WORK_TREE": str(self.top), "GIT_CEILING_DIRECTORIES": str(self.top.parent)}
        return kept | _VARIABLES | places | {"GIT_CONFIG_COUNT": str(first + len(self.settings))}


def _open(project: Path) -> _Repository | None:
    """Return the repository that a project is in, None when it is in none or git is not installed.

    Raises GitError for a repository that leads to another one.
    """
    git, folder = _find_git(), project.resolve()
    tops = (each for each in (folder, *folder.parents) if os.path.lexists(each / ".git"))
    top = next(tops, None) if git and folder.is_dir() else None
    if git is None or top is None:
        return None
    own, common = _find_folders(top)
    _require_own(own, common)
    _require_no_pipe_in_tree(top, folder)
    _require_own_settings(git, top, own, common)
    plain = _Repository(git, top, folder, _SETTINGS)
    found = plain.run("rev-parse", "--absolute-git-dir").require().output
    if not _is_same(Path(os.fsdecode(found.rstrip(b"\r\n"))), own):
        raise GitError(f"{top / '.git'} is no repository, and git would ask another one")
    return _Repository(git, top, folder, _SETTINGS | _disable_filters(plain))


def _disable_filters(repository: _Repository) -> dict[str, str]:
    """Return settings that take the programs from the filters of a repository's own configuration."""
    found = repository.run("config", "--includes", "--show-scope", "--name-only", "-z", "--get-regexp", r"^filter\.")
    if found.status == 1 and not found.errors:  # there are none
        return {}
    if found.is_cut:  # what comes then would not be switched off
        raise GitError("the configuration of the repository has too many filters")
    scopes = found.require().output.split(b"\0")
    pairs = zip(scopes[::2], scopes[1::2], strict=False)
    names = {name.decode(errors="surrogateescape") for scope, name in pairs if scope in (b"local", b"worktree")}
    filters = sorted({name.rpartition(".")[0] for name in names})
    off = {"clean": "", "smudge": "", "process": "", "required": "false"}
    return {f"{each}.{key}": value for each in filters for key, value in off.items()}


def _find_folders(top: Path) -> tuple[Path, Path]:
    """Return the folder of a working tree's repository, and the one with what it shares with other working trees.

    Raises GitError when the repository lies elsewhere, and does not know that tree.
    """
    git = top / ".git"
    if git.is_dir() and not git.is_symlink():
        return git, git
    target = _read_pointer(top)
    if target is not None and _is_submodule(top, target):
        return target, target
    if target is not None and _is_worktree(top, target):
        return target, target.parent.parent
    raise GitError(f"{git} leads to a repository elsewhere, which does not know this folder")


def _require_own(own: Path, common: Path) -> None:
    """Raise GitError when a repository takes a part of its content from elsewhere."""
    alternates = read_if_there(common / "objects/info/alternates", common) or b""
    if os.path.lexists(common / "commondir") or alternates.strip():
        raise GitError(f"{common} takes a part of its content from another repository")
    for folder in (own, common):
        for name in ("HEAD", "config", "config.worktree", "index", "packed-refs", "info", "objects", "refs"):
            if resolve_inside(folder / name, folder) is None:
                raise GitError(f"{folder / name} is a link that leads out of the repository")
    for folder in {own, common}:
        for name in list_files(folder, folder, hidden=True).refused:
            _require_no_pipe(folder / name)
    for name in ("info", "objects", "refs"):
        for file in list_files(common / name, common, hidden=True).refused:
            raise GitError(f"{common / name / file} is a link that leads out of the repository, or no file")


def _require_no_pipe_in_tree(top: Path, folder: Path) -> None:
    """Raise GitError when git would wait for what it reads in a folder of a working tree, and in those above it."""
    for above in (folder, *folder.parents):
        for name in _OF_TREE:
            _require_no_pipe(above / name)
        if above == top:
            break
    for below, folders, files in islice(os.walk(folder), MAX_FILES):
        folders[:] = [each for each in folders if each not in _LARGE]
        for name in _OF_TREE & set(files):
            _require_no_pipe(Path(below) / name)


def _require_no_pipe(file: Path) -> None:
    """Raise GitError for a FIFO or a device: git would wait for it, or read for ever."""
    is_device = file.is_char_device() or file.is_block_device()
    if file.is_fifo() or (is_device and not file.samefile(os.devnull)):
        raise GitError(f"{file} is no file, and would be waited for: remove it")


def _require_own_settings(git: str, top: Path, own: Path, common: Path) -> None:
    """Raise GitError when the configuration of a repository includes a file outside of it and its working tree."""
    places = (top, common.parent if common.name == ".git" else common)
    files = [common / "config", common / "config.worktree", own / "config.worktree"]
    seen: set[Path] = set()
    while files:
        file = files.pop()
        _require_no_pipe(file)
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        if len(seen) > _INCLUDED:
            raise GitError(f"the configuration of {common} includes more than {_INCLUDED} files")
        command = [git, "-C", top.anchor, "config", "--file", str(file), "--no-includes", "-z"]
        found = _run([*command, "--get-regexp", r"^include(if\..*)?\.path$"], os.environ | _VARIABLES, _MOST_SETTINGS)
        if found.is_cut:
            raise GitError(f"the configuration of {common} includes more than {_INCLUDED} files")
        for each in found.output.decode(errors="surrogateescape").split("\0")[:-1]:
            name = each.partition("\n")[2]
            paths = [resolve_inside(file.parent / name, place) for place in places]
            if not any(paths) or name.startswith(("~", "%")):
                # As `actions/checkout` leaves it, from version 6 on.
                hint = "remove that; in a workflow, check out with `persist-credentials: false`"
                raise GitError(f"{file} includes {name}, which is outside of {top}: {hint}")
            files += filter(None, paths)


def _read_pointer(top: Path) -> Path | None:
    """Return where a file `.git` leads to, None when it is no such file."""
    text = (read_if_there(top / ".git", top, 10_000) or b"").decode(errors="replace")
    key, _, target = text.strip().partition(": ")
    return (top / target).resolve() if key == "gitdir" and "\0" not in target else None


def _is_submodule(top: Path, target: Path) -> bool:
    """Return whether a folder is that of a submodule in a repository above it (gitrepository-layout(5), `modules`)."""
    return any(target.is_relative_to(each / ".git" / "modules") for each in top.parents)


def _is_worktree(top: Path, target: Path) -> bool:
    """Return whether a repository names this folder as a worktree of its own (gitrepository-layout(5), `worktrees`)."""
    back, shared = (_read_line(target / name) for name in ("gitdir", "commondir"))
    knows = bool(back) and (target / back).resolve() == (top / ".git").resolve()
    return knows and bool(shared) and (target / shared).resolve() == target.parent.parent


def _read_line(file: Path) -> str:
    """Return the path that a small file of a repository holds, empty if it is not there or holds no path."""
    text = (read_if_there(file, file.parent, 10_000) or b"").decode(errors="replace").strip()
    return "" if "\0" in text else text


def _is_same(first: Path, second: Path) -> bool:
    return first.exists() and second.exists() and first.samefile(second)


# --- the program -----------------------------------------------------------------------------------------------------


def _find_git() -> str | None:
    """Return the path of git, None when it is not installed. It is never looked for in the present folder."""
    name = "git.exe" if os.name == "nt" else "git"
    found = (Path(folder) / name for folder in os.get_exec_path() if Path(folder).is_absolute())
    return next((str(path) for path in found if path.is_file() and os.access(path, os.X_OK)), None)


def _run(command: list[str], environment: Mapping[str, str], limit: int) -> _Done:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - git
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, env=dict(environment)
        )
        stopper = threading.Timer(_LONGEST, process.kill)
        stopper.start()
        try:
            with process:
                output = process.stdout.read(limit) if process.stdout else b""
                is_cut = len(output) == limit
                if is_cut:
                    process.kill()
        finally:
            stopper.cancel()
        errors.seek(0)
        # What was cut was read as far as it is needed.
        return _Done(0 if is_cut else process.returncode, output, errors.read(_MOST), is_cut)
