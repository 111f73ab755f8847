using Apache.Arrow;
using Apache.Arrow.Types;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Tests.Datasets.Parquet;

public sealed class ArrowValuesTests
{
    [Fact]
    public void Lists_with_offsets_of_either_width_are_read_alike()
    {
        var texts = new StringArray.Builder().Append("MIT").Append("Apache-2.0").AppendNull().Append("").Build();
        var small = new ListArray(new ListType(StringType.Default), 3, new ArrowBuffer.Builder<int>().AppendRange([0, 2, 2, 4]).Build(), texts, ArrowBuffer.Empty);
        var large = new LargeListArray(new LargeListType(StringType.Default), 3, new ArrowBuffer.Builder<long>().AppendRange([0, 2, 2, 4]).Build(), texts, ArrowBuffer.Empty);
        foreach (IArrowArray list in new IArrowArray[] { small, large })
        {
            Assert.Equal(["MIT", "Apache-2.0"], ArrowValues.Strings(list, 0)!);
            Assert.Empty(ArrowValues.Strings(list, 1)!);
            Assert.Equal([""], ArrowValues.Strings(list, 2)!);
        }
    }

    [Fact]
    public void Dictionaries_give_their_values_and_nulls()
    {
        var values = new StringArray.Builder().Append("a").Append("bc").Build();
        var indices = new Int8Array.Builder().Append(1).AppendNull().Append(0).Build();
        var array = new DictionaryArray(new DictionaryType(Int8Type.Default, StringType.Default, false), indices, values);
        Assert.Equal(["bc", null, "a"], Enumerable.Range(0, 3).Select(i => ArrowValues.String(array, i)));
    }

    [Fact]
    public void A_real_number_as_text_keeps_its_fraction() =>
        Assert.Equal("1.5", ArrowValues.String(new DoubleArray.Builder().Append(1.5).Build(), 0));

    [Fact]
    public void Text_that_is_a_number_or_a_time_is_read_as_such_and_other_text_as_nothing()
    {
        var array = new StringArray.Builder().Append("12").Append("2020-01-01T00:00:00Z").Append("soon").Build();
        Assert.Equal([12L, null, null], Enumerable.Range(0, 3).Select(i => ArrowValues.Long(array, i)));
        Assert.Equal(1_577_836_800_000_000, ArrowValues.TimestampMicros(array, 1));
        Assert.Null(ArrowValues.TimestampMicros(array, 2));
    }

    [Fact]
    public void Slices_are_read_from_their_own_start()
    {
        var texts = (StringArray)new StringArray.Builder().Append("a").Append("b").Append("c").Build().Slice(1, 2);
        var numbers = (Int64Array)new Int64Array.Builder().Append(1).Append(2).Append(3).Build().Slice(2, 1);
        Assert.Equal(["b", "c"], Enumerable.Range(0, 2).Select(i => ArrowValues.String(texts, i)));
        Assert.Equal(3, ArrowValues.Long(numbers, 0));
    }
}
