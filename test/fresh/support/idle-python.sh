#!/bin/sh
# A Python that has pip and can do nothing with it.
[ "$*" = "-m pip --version" ]
