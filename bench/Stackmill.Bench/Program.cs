using BenchmarkDotNet.Running;
using Stackmill.Bench;

if (args is ["adversarial", ..])
    return AdversarialBenchmark.Run(args[1..]);
if (args is ["boilerplate", ..])
    return BoilerplateBenchmark.Run(args[1..]);
if (args is ["containment", ..])
    return ContainmentBenchmark.Run(args[1..]);
if (args is ["contents", ..])
    return await ContentsBenchmark.Run(args[1..]);
if (args is ["hub", ..])
    return await HubBenchmark.Run(args[1..]);
if (args is ["plan", ..])
    return PlanBenchmark.Run(args[1..]);
if (args is ["decontamination", ..])
    return DecontaminationBenchmark.Run(args[1..]);
if (args is ["encodings", ..])
    return EncodingBenchmark.Run(args[1..]);
if (args is ["lexer", ..])
    return LexerBenchmark.Run(args[1..]);
if (args is ["judge", ..])
    return JudgeBenchmark.Run(args[1..]);
if (args is ["dedup-data", ..])
    return DedupDataset.Run(args[1..]);
if (args is ["dedup-recall", ..])
    return RecallBenchmark.Run(args[1..]);
if (args is ["redaction", ..])
    return RedactionSpeedBenchmark.Run(args[1..]);
if (args is ["signatures", ..])
    return SignatureBenchmark.Run(args[1..]);
if (args is ["languages", ..])
    return LanguageBenchmark.Run(args[1..]);
if (args is ["quality", ..])
    return QualityBenchmark.Run(args[1..]);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
