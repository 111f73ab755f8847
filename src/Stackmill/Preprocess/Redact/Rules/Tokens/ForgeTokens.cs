namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Forges of code, continuous integration and what measures code. One line a format.</summary>
internal static class ForgeTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("github-token-crc32", "GitHub token whose checksum is right", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "alnum 36", check: Crc32Token.IsValid, body: Crc32Token.Sample(1), confidence: 0.99),
        TokenFormat.Token("github-token", "GitHub personal, OAuth, user, server or refresh token without a right checksum", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], "alnum 36-255", check: static b => !Crc32Token.IsValid(b), confidence: 0.8),
        TokenFormat.Token("github-fine-grained-token", "GitHub fine-grained token", ["github_pat_"], "word 82"),
        NearName.Of("github-app-secret", "GitHub OAuth app secret", ["github_client", "github_secret", "github_oauth", "github_token", "github_app"], ["hex 40"], "GITHUB_CLIENT_SECRET"),
        TokenFormat.Token("gitlab-token", "GitLab personal, deploy, runner, trigger, feed, mail, agent, OAuth or job token", ["glpat-", "gldt-", "glrt-", "glrtr-", "glptt-", "glcbt-", "glft-", "glsoat-", "glimt-", "glagent-", "gloas-", "glffct-", "glwt-"], "dotted 20-300"),
        TokenFormat.Token("gitlab-runner-registration-token", "GitLab runner registration token", ["GR1348941"], "url 20"),
        TokenFormat.Token("bitbucket-app-password", "Bitbucket app password", ["ATBB"], "alnum 28-40"),
        TokenFormat.Token("bitbucket-access-token", "Bitbucket repository, project or workspace token", ["ATCTT3xFfGN0"], "url= 150-220"),
        NearName.Of("bitbucket-client-secret", "Bitbucket OAuth secret", ["bitbucket"], ["alnum 32"], "BITBUCKET_CLIENT_SECRET"),
        TokenFormat.Token("atlassian-token", "Atlassian token (Jira, Confluence)", ["ATATT3"], "url= 180-220"),
        NearName.Of("atlassian-old-token", "Atlassian token of the old form", ["atlassian", "jira", "confluence"], ["alnum 24"], "JIRA_API_TOKEN"),
        NearName.Of("gitea-token", "Gitea or Forgejo token", ["gitea", "forgejo", "codeberg"], ["hex 40"], "GITEA_TOKEN"),
        TokenFormat.Token("circleci-token", "CircleCI token", ["CCIPAT_", "CCIPRJ_"], "alnum 20-24 '_' hex 40"),
        NearName.Of("circleci-old-token", "CircleCI token of the old form", ["circleci", "circle_"], ["hex 40"], "CIRCLE_TOKEN"),
        NearName.Of("travis-token", "Travis CI token", ["travis"], ["alnum 22"], "TRAVIS_TOKEN"),
        TokenFormat.Token("buildkite-token", "Buildkite token", ["bkua_", "bkaj_", "bkpi_", "bkpt_"], "hex 40"),
        NearName.Of("codecov-token", "Codecov token", ["codecov"], ["uuid", "hex 32"], "CODECOV_TOKEN"),
        TokenFormat.Token("sonar-token", "SonarQube or SonarCloud token", ["sqp_", "squ_", "sqa_"], "hex 40"),
        NearName.Of("sonar-old-token", "SonarQube token of the old form", ["sonar"], ["hex 40"], "SONAR_TOKEN"),
        NearName.Of("snyk-token", "Snyk token", ["snyk"], ["uuid"], "SNYK_TOKEN"),
        TokenFormat.Token("snyk-user-token", "Snyk token of the new form", ["snyk_uat.", "snyk_sat."], "alnum 8 '.' dotted 60-1000"),
        NearName.Of("jenkins-token", "Jenkins token", ["jenkins"], ["hex 34", "hex 32"], "JENKINS_API_TOKEN"),
        NearName.Of("drone-token", "Drone token", ["drone_"], ["alnum 32"], "DRONE_TOKEN"),
        NearName.Of("appveyor-token", "AppVeyor token", ["appveyor"], ["lower 20"], "APPVEYOR_TOKEN"),
        TokenFormat.Token("octopus-key", "Octopus Deploy key", ["API-"], "upper 25-32"),
        TokenFormat.Token("harness-token", "Harness token", ["pat.", "sat."], "url 22 '.' hex 24 '.' alnum 20"),
        TokenFormat.Token("sourcegraph-token", "Sourcegraph token", ["sgp_"], "word 40-60", body: Samples.Of(40, Samples.LowerHex)),
        TokenFormat.Token("sourcegraph-license-token", "Sourcegraph product token", ["slk_"], "hex 64"),
        NearName.Of("codacy-token", "Codacy token", ["codacy"], ["alnum 20", "hex 32"], "CODACY_PROJECT_TOKEN"),
        NearName.Of("coveralls-token", "Coveralls token", ["coveralls"], ["alnum 33"], "COVERALLS_REPO_TOKEN"),
        TokenFormat.Token("launchdarkly-key", "LaunchDarkly key", ["sdk-", "api-", "mob-"], "uuid"),
        TokenFormat.Token("stackhawk-key", "StackHawk key", ["hawk."], "url 20 '.' url 20"),
        TokenFormat.Token("trigger-dev-key", "Trigger.dev key", ["tr_dev_", "tr_prod_", "tr_stg_", "tr_pat_"], "alnum 20-40"),
        TokenFormat.Token("phabricator-token", "Phabricator Conduit token", ["cli-", "api-"], "lower 28"),
        TokenFormat.Token("postman-key", "Postman key", ["PMAK-"], "hex 24 '-' hex 34"),
        TokenFormat.Token("readme-key", "ReadMe key", ["rdme_"], "lower 70"),
    ];
}
