"""Signs the monthly statements."""

SIGNING_KEY = """
-----BEGIN RSA PRIVATE KEY-----
qvDuO0KPAW+Mlze3mD/bnNubL5fsrzsfa7ZZW54MciBXKvHz54Izi/bEUYn7Q3dJ
+7+0kaU+O6Z/VvdAQ7h6CAGddvMJEpa5zXvXQBOQLDIho65Ols7ZsBGF2o/xqeGL
RdGtuuhmmyH3tmxADPcyNfw/KywVDMklIdZaQqo75jjQep4xgKDAWVZoNXIbxxN+
KkzKF1KwI4sMoNuSf1+H1JFMYLfg00FMUv0Fdu/hNy0tdX6/+O9KCzkF2Ou2Astq
DoXi3mshY9oIZIFse9yT+e4IkEavxr9wgWIiDAQp76KQX5A2o1IYrfBJCpm9W3vu
JE+7PkmhVQbNFNV2eHN0Zkqcy8W1cTbG6uZkTZUrrbPh26VWUm3l77zvX/LL5/rz
2YFnZctz82ePTK+2pb4aSbqn1ZuzWSgpho2c92EY/NdZMxPy3NXXtBUNKqpOF5b9
SDMoZZ3RGEOXZfwnklOerzOOUtXx2RIIA5zkUov6VCDM5DxsJuUkMt33BNr06uHA
wnrwiXGISa5bj5upXGDIEPwit2wi19XQosPu+CB/gMHUoxFuxrVfJj69CWnJ3IaA
4RcZb8cztf3qRxASmMPI7MoXMKnMNFzGhwhM29h2MUA+o1zUz7I2FwMyfKuMYeRN
6x+6DUmUpFeFt3zYvdugtq0zN2MxnPAGQCsvJLSrCEViW49OA+86cHUKLPNkrXnc
3XcB4Dqil4X2hM1i7q0dBWYtuhRoXQh5pAwh2qXP+4ArKzImQ0rWPUVVSx57MzpH
3p6SY32rTzM6qr7bNrVi39nQE2GGVHc3
-----END RSA PRIVATE KEY-----
"""


def signature_input(statement):
    return "\n".join(f"{name}={statement[name]}" for name in sorted(statement))
