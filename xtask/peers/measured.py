"""Runs a command on some processors and prints what it took: measured.py CPUS OUTPUT COMMAND…

What the command prints goes to the file OUTPUT. One line of JSON on standard output: exit code,
wall seconds, processor seconds (user and system), peak resident bytes. Only `wait4` knows the peak
of one child, and nothing of it is the launcher's own time: the clock begins when the child does.
"""
import json
import os
import sys
import time


def main():
    cpus, output, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    mine = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, mine[:cpus])
    sink = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    actions = [(os.POSIX_SPAWN_DUP2, sink, 1), (os.POSIX_SPAWN_DUP2, sink, 2)]
    begin = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    print(json.dumps({
        "code": os.waitstatus_to_exitcode(status),
        "wall_s": wall,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * 1024,
        "cpus": len(mine[:cpus]),
    }))


main()
