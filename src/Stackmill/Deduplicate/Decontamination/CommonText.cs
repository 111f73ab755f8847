using Stackmill.Shared.Licenses;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>
/// Text that files have in common without having it from one another: an n-gram that occurs here proves nothing. The texts of
/// all licences (with the notices that they ask for), and frames that are written around every solution.
/// </summary>
internal static class CommonText
{
    private static readonly string[] s_frames =
    [
        """
        if __name__ == "__main__": main()
        if __name__ == "__main__": unittest.main()
        if __name__ == "__main__": import doctest doctest.testmod()
        if __name__ == "__main__": import sys sys.exit(main())
        if __name__ == "__main__": parser = argparse.ArgumentParser() args = parser.parse_args() main(args)
        def main(): parser = argparse.ArgumentParser(description=__doc__) args = parser.parse_args()
        def __init__(self, *args, **kwargs): super().__init__(*args, **kwargs)
        def __init__(self): super(self.__class__, self).__init__()
        """,
        "import os import sys import re import math import random import itertools import collections import functools import heapq import bisect import string",
        "import sys import os import json import time import math import random from collections import defaultdict, Counter, deque from typing import List, Dict, Tuple, Optional, Any",
        "from typing import List, Dict, Tuple, Optional, Any, Union, Set, Callable import collections from collections import defaultdict from functools import lru_cache",
        "import numpy as np import pandas as pd import matplotlib.pyplot as plt import seaborn as sns import scipy.stats as stats import tensorflow as tf import torch import torch.nn as nn import torch.nn.functional as F",
        "import pandas as pd import numpy as np import matplotlib.pyplot as plt from sklearn.model_selection import train_test_split",
        "import numpy as np import matplotlib.pyplot as plt import pandas as pd import os import sys",
        "input = sys.stdin.readline t = int(input()) for _ in range(t): n = int(input()) a = list(map(int, input().split()))",
        "for _ in range(int(input())): n, m = map(int, input().split()) a = list(map(int, input().split())) print(*a)",
        "#include <bits/stdc++.h> using namespace std; typedef long long ll; int main() { ios_base::sync_with_stdio(false); cin.tie(NULL); cout.tie(NULL); int t; cin >> t; while (t--) { solve(); } return 0; }",
        "#include <iostream> #include <vector> #include <string> #include <algorithm> #include <map> #include <set> using namespace std; int main() { ios::sync_with_stdio(0); cin.tie(0); int n; cin >> n; return 0; }",
        "#include <stdio.h> #include <stdlib.h> #include <string.h> int main(int argc, char *argv[]) { return 0; }",
        "import java.util.*; import java.io.*; public class Main { public static void main(String[] args) throws IOException { Scanner sc = new Scanner(System.in); int n = sc.nextInt(); BufferedReader br = new BufferedReader(new InputStreamReader(System.in));",
        "import java.util.*; import java.lang.*; class Solution { public static void main(String[] args) { Scanner scanner = new Scanner(System.in);",
        "using System; using System.Collections.Generic; using System.Linq; using System.Text; using System.Threading.Tasks; namespace class Program { static void Main(string[] args) {",
        "package main import ( \"bufio\" \"fmt\" \"os\" ) func main() { reader := bufio.NewReader(os.Stdin) fmt.Fscan(reader, &n) if err != nil { return nil, err }",
        "# -*- coding: utf-8 -*- #!/usr/bin/env python #!/usr/bin/env python3 # -*- coding: utf-8 -*-",
        "Write a function to find the number of elements in the given list. Write a python function to check whether the given number is",
        "All rights reserved. This source code is licensed under the license found in the LICENSE file in the root directory of this source tree.",
    ];

    /// <summary>All of it.</summary>
    public static IEnumerable<string> All() => s_frames.Concat(LicenseText.Load().Select(l => l.Text));
}
