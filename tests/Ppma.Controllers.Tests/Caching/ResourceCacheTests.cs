using k8s.Models;
using Ppma.Controllers.Caching;
using static Ppma.Controllers.Tests.Caching.Things;

namespace Ppma.Controllers.Tests.Caching;

public sealed class ResourceCacheTests
{
    private readonly ResourceCache<V1ConfigMap> _cache = new();

    [Fact]
    public void OwnWrite_BeforeItsEcho_IsReadAtOnce()
    {
        _cache.Replace([Thing("a", 3)], At(5));

        _cache.Observe(Thing("a", 7));

        Assert.Equal("7", _cache.VersionOf("a"));
    }

    [Fact]
    public void OwnWrite_FollowedByAnOlderEvent_Stays()
    {
        _cache.Observe(Thing("a", 7));

        _cache.Modified(Thing("a", 6));

        Assert.Equal("7", _cache.VersionOf("a"));
    }

    [Fact]
    public void OwnWrite_FollowedByANewerEvent_IsReplaced()
    {
        _cache.Observe(Thing("a", 7));

        _cache.Modified(Thing("a", 8));

        Assert.Equal("8", _cache.VersionOf("a"));
    }

    [Fact]
    public void OwnWrite_MissingFromAnOlderList_Stays()
    {
        _cache.Observe(Thing("a", 7));

        _cache.Replace([], At(6));

        Assert.Equal("7", _cache.VersionOf("a"));
    }

    [Fact]
    public void OwnWrite_MissingFromANewerList_IsGone()
    {
        _cache.Observe(Thing("a", 7));

        _cache.Replace([], At(8));

        Assert.Null(_cache.VersionOf("a"));
    }

    [Fact]
    public void OwnWrite_AnsweredAfterTheWatchToldOfItsDeletion_DoesNotComeBack()
    {
        _cache.Added(Thing("a", 3));
        _cache.Deleted(Thing("a", 8));

        _cache.Observe(Thing("a", 7));

        Assert.Null(_cache.VersionOf("a"));
    }

    [Fact]
    public void OwnDeletion_FollowedByOlderEventsAndAnOlderList_Lasts()
    {
        _cache.Added(Thing("a", 3));

        _cache.ObserveDeleted(Thing("a", 3));
        _cache.Modified(Thing("a", 4));
        _cache.Replace([Thing("a", 4)], At(5));
        _cache.Modified(Thing("a", 6));

        Assert.Null(_cache.VersionOf("a"));
    }

    [Fact]
    public void OwnDeletion_OfAnOwnCreateThatAListIsTooOldFor_Lasts()
    {
        _cache.Observe(Thing("a", 7));
        _cache.ObserveDeleted(Thing("a", 7));

        _cache.Replace([], At(5));
        _cache.Added(Thing("a", 7));

        Assert.Null(_cache.VersionOf("a"));
    }

    [Fact]
    public void OwnDeletion_FollowedByAnotherObjectOfThatName_DoesNotHideIt()
    {
        _cache.Added(Thing("a", 3, uid: "first"));
        _cache.ObserveDeleted(Thing("a", 3, uid: "first"));

        _cache.Added(Thing("a", 9, uid: "second"));

        Assert.Equal("9", _cache.VersionOf("a"));
    }

    [Fact]
    public void OwnCreate_UnderANameWhoseLastObjectIsToldGoneLater_Stays()
    {
        _cache.Added(Thing("a", 3, uid: "first"));
        _cache.Observe(Thing("a", 9, uid: "second"));

        _cache.Deleted(Thing("a", 8, uid: "first"));

        Assert.Equal("9", _cache.VersionOf("a"));
    }

    [Fact]
    public void Replace_OlderThanTheWatch_IsRefused()
    {
        _cache.Added(Thing("a", 9));

        Assert.False(_cache.Replace([], At(8)));
        Assert.Equal("9", _cache.VersionOf("a"));
    }

    [Fact]
    public void StartOver_FromAStoreThatWasSetBack_TakesItAsItIs()
    {
        _cache.Added(Thing("a", 90));
        _cache.Observe(Thing("b", 95));
        _cache.ObserveDeleted(Thing("a", 90));

        _cache.StartOver([Thing("a", 40)], At(50));

        Assert.Equal(("40", null, At(50)), (_cache.VersionOf("a"), _cache.VersionOf("b"), _cache.Position));
    }

    [Fact]
    public void Event_ToldTwice_ChangesOnce()
    {
        var changes = 0;
        using var subscription = _cache.Subscribe(_ => changes++);

        _cache.Added(Thing("a", 3));
        _cache.Added(Thing("a", 3));
        _cache.Deleted(Thing("a", 4));
        _cache.Deleted(Thing("a", 4));
        _cache.Added(Thing("a", 3));

        Assert.Equal(2, changes);
        Assert.Empty(_cache.All);
    }

    [Fact]
    public void Subscriber_OfAnOwnWriteAndItsEcho_HearsOnce()
    {
        var changes = new List<(string? Before, string? After)>();
        using var subscription = _cache.Subscribe(change => changes.Add((change.Before?.Metadata.ResourceVersion, change.After?.Metadata.ResourceVersion)));

        _cache.Added(Thing("a", 3));
        _cache.Observe(Thing("a", 4));
        _cache.Modified(Thing("a", 4));
        _cache.Replace([Thing("a", 4), Thing("b", 5)], At(6));
        _cache.Replace([Thing("b", 5)], At(8));

        Assert.Equal([(null, "3"), ("3", "4"), (null, "5"), ("4", null)], changes);
    }

    [Fact]
    public void Subscriber_ThatEnded_HearsNothing()
    {
        var changes = 0;
        _cache.Subscribe(_ => changes++).Dispose();

        _cache.Added(Thing("a", 3));

        Assert.Equal(0, changes);
    }

    [Fact]
    public void OwnedBy_AfterChangesOfEveryKind_IsWhatNamesTheOwner()
    {
        _cache.Replace([Thing("a", 1, owner: "run"), Thing("b", 2, owner: "run"), Thing("c", 3)], At(3));
        _cache.Modified(Thing("a", 4));
        _cache.Modified(Thing("c", 5, owner: "run"));
        _cache.Observe(Thing("d", 6, owner: "run"));
        _cache.Deleted(Thing("b", 7, owner: "run"));

        Assert.Equal(["c", "d"], _cache.OwnedBy("run").Select(thing => thing.Metadata.Name).Order());
    }

    [Fact]
    public void Indexed_ByAFunction_FindsEachObjectOnceUnderEachValue()
    {
        var cache = new ResourceCache<V1ConfigMap>(indexes: new Dictionary<string, Func<V1ConfigMap, IEnumerable<string>>>
        {
            ["letters"] = thing => thing.Metadata.Name.Select(letter => letter.ToString()),
        });

        cache.Replace([Thing("abba", 1), Thing("bob", 2)], At(2));

        Assert.Equal(["abba", "bob"], cache.Indexed("letters", "b").Select(thing => thing.Metadata.Name).Order());
        Assert.Equal("abba", Assert.Single(cache.Indexed("letters", "a")).Metadata.Name);
        Assert.Empty(cache.Indexed("letters", "z"));
    }

    [Fact]
    public void Indexed_ByANameThatWasNotRegistered_SaysWhichThereAre()
    {
        var exception = Assert.Throws<ArgumentException>(() => _cache.Indexed("dataset", "x"));

        Assert.Contains("ConfigMap has no index 'dataset'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trim_OfWhateverComesIn_LeavesWhatIsRead()
    {
        var cache = new ResourceCache<V1ConfigMap>(trim: thing => thing.Data = null);
        var thing = Thing("a", 3);
        thing.Data = new Dictionary<string, string> { ["big"] = "thing" };
        thing.Metadata.ManagedFields = [new V1ManagedFieldsEntry()];

        cache.Observe(thing);

        Assert.Null(cache.Find(Key("a"))!.Data);
        Assert.Null(cache.Find(Key("a"))!.Metadata.ManagedFields);
    }

    [Fact]
    public void Trim_AndIndexThatFailForOneObject_KeepItAndTheOthers()
    {
        var cache = new ResourceCache<V1ConfigMap>(
            trim: thing => thing.Data["big"] = "",
            indexes: new Dictionary<string, Func<V1ConfigMap, IEnumerable<string>>> { ["data"] = thing => thing.Data.Keys });
        var odd = Thing("odd", 3);
        var even = Thing("even", 4);
        even.Data = new Dictionary<string, string>();

        cache.Added(odd);
        cache.Added(even);
        cache.Observe(Thing("odd", 5));

        Assert.Equal("5", cache.VersionOf("odd"));
        Assert.Equal("even", Assert.Single(cache.Indexed("data", "big")).Metadata.Name);
    }

    [Fact]
    public void Indexed_AfterChangesOfOneOfMany_HoldsEachOnceAsItIsNow()
    {
        var cache = new ResourceCache<V1ConfigMap>(indexes: new Dictionary<string, Func<V1ConfigMap, IEnumerable<string>>> { ["all"] = _ => ["all"] });
        cache.Replace([Thing("a", 1), Thing("b", 2), Thing("c", 3)], At(3));
        var before = cache.Indexed("all", "all");

        cache.Modified(Thing("b", 4));
        cache.Deleted(Thing("c", 5));

        Assert.Equal(["a@1", "b@4"], cache.Indexed("all", "all").Select(thing => $"{thing.Metadata.Name}@{thing.Metadata.ResourceVersion}"));
        Assert.Equal(3, before.Count); // Who read before keeps what it read.
    }

    [Fact]
    public void Version_ThatIsNoNumber_IsNamed()
    {
        var thing = Thing("a", 3);
        thing.Metadata.ResourceVersion = "v3";

        Assert.Contains("'v3'", Assert.Throws<FormatException>(() => _cache.Observe(thing)).Message, StringComparison.Ordinal);
    }
}
