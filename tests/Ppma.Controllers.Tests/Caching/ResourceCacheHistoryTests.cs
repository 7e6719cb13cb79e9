using CsCheck;
using k8s.Models;
using Ppma.Controllers.Caching;
using static Ppma.Controllers.Tests.Caching.Things;

namespace Ppma.Controllers.Tests.Caching;

/// <summary>Any history of a server, told late, twice and with lists in between: the cache ends like the server and never goes back behind an own write.</summary>
public sealed class ResourceCacheHistoryTests
{
    private enum Step
    {
        OthersCreateOrUpdate,
        OthersDelete,
        OwnWrite,
        OwnWriteAnsweredLate,
        OwnAnswer,
        OwnDelete,
        Event,
        OldEventAgain,
        Bookmark,
        ListOfTheServersCache,
        ListThroughAQuorum,
    }

    private static readonly Gen<(Step Step, int Which, int How)[]> Histories =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 3], Gen.Int[0, 1000]).Array[1, 80];

    [Fact]
    public void Cache_AfterAnyHistory_IsLikeTheServerAndNeverBehindAnOwnWrite() => Histories.Sample(steps =>
    {
        var story = new Story();
        foreach (var (step, which, how) in steps)
        {
            story.Play(step, $"thing-{which}", how);
            story.NothingIsBehindAnOwnWrite();
        }

        story.TellTheRest();
        story.CacheIsLikeTheServer();
    });

    private sealed class Story
    {
        private readonly ResourceCache<V1ConfigMap> _cache = new();
        private readonly List<WatchEvent<V1ConfigMap>> _history = [];
        private readonly Dictionary<string, V1ConfigMap> _server = [];
        private readonly Queue<V1ConfigMap> _unanswered = new();
        private readonly Dictionary<string, ulong> _ownVersions = []; // by name: no reading may be older
        private readonly HashSet<string> _ownDeletions = []; // UIDs
        private ulong _revision;

        public void Play(Step step, string name, int how)
        {
            switch (step)
            {
                case Step.OthersCreateOrUpdate:
                    Write(name);
                    break;
                case Step.OthersDelete:
                    Delete(name);
                    break;
                case Step.OwnWrite:
                    Answer(Write(name));
                    break;
                case Step.OwnWriteAnsweredLate:
                    _unanswered.Enqueue(Write(name));
                    break;
                case Step.OwnAnswer when _unanswered.TryDequeue(out var written):
                    Answer(written);
                    break;
                case Step.OwnDelete when Delete(name) is { } deleted:
                    _cache.ObserveDeleted(deleted);
                    _ownDeletions.Add(deleted.Metadata.Uid);
                    break;
                case Step.Event:
                    Tell(_history.Where(occurred => ulong.Parse(occurred.ResourceVersion) > _cache.Position.Revision).Take(1));
                    break;
                case Step.OldEventAgain:
                    Tell(_history.Where(occurred => ulong.Parse(occurred.ResourceVersion) <= _cache.Position.Revision).Skip(how % 5).Take(2));
                    break;
                case Step.Bookmark:
                    // It says that everything before it was sent, so it comes only when that is so.
                    _cache.Apply(WatchEvent<V1ConfigMap>.Bookmark(_cache.Position.ToString()));
                    break;
                case Step.ListOfTheServersCache:
                    List((ulong)how % (_revision + 1));
                    break;
                case Step.ListThroughAQuorum:
                    List(_revision);
                    break;
            }
        }

        public void TellTheRest()
        {
            while (_unanswered.TryDequeue(out var written))
            {
                Answer(written);
            }

            Tell(_history.Where(occurred => ulong.Parse(occurred.ResourceVersion) > _cache.Position.Revision));
        }

        public void NothingIsBehindAnOwnWrite()
        {
            foreach (var (name, version) in _ownVersions)
            {
                var found = _cache.Find(Key(name));
                var goneSince = _history.Any(occurred => occurred.Kind == WatchEventKind.Deleted && occurred.Object!.Metadata.Name == name && ulong.Parse(occurred.ResourceVersion) > version);
                Assert.True(found is null ? goneSince : ulong.Parse(found.Metadata.ResourceVersion) >= version, $"{name}: {found?.Metadata.ResourceVersion ?? "missing"}, written {version}");
            }

            Assert.DoesNotContain(_cache.All, thing => _ownDeletions.Contains(thing.Metadata.Uid));
        }

        public void CacheIsLikeTheServer() => Assert.Equal(
            _server.Values.Select(thing => (thing.Metadata.Name, thing.Metadata.Uid, thing.Metadata.ResourceVersion)).Order(),
            _cache.All.Select(thing => (thing.Metadata.Name, thing.Metadata.Uid, thing.Metadata.ResourceVersion)).Order());

        private V1ConfigMap Write(string name)
        {
            var known = _server.GetValueOrDefault(name);
            var written = Thing(name, ++_revision, uid: known?.Metadata.Uid ?? $"{name}-{_revision}");
            _server[name] = written;
            _history.Add(WatchEvent<V1ConfigMap>.Of(known is null ? WatchEventKind.Added : WatchEventKind.Modified, Copy(written)));
            return Copy(written);
        }

        private V1ConfigMap? Delete(string name)
        {
            if (!_server.Remove(name, out var known))
            {
                return null;
            }

            _history.Add(WatchEvent<V1ConfigMap>.Of(WatchEventKind.Deleted, Thing(name, ++_revision, known.Metadata.Uid)));
            return known;
        }

        private void Answer(V1ConfigMap written)
        {
            _cache.Observe(written);
            var version = ulong.Parse(written.Metadata.ResourceVersion);
            _ownVersions[written.Metadata.Name] = Math.Max(version, _ownVersions.GetValueOrDefault(written.Metadata.Name));
        }

        private void Tell(IEnumerable<WatchEvent<V1ConfigMap>> occurred)
        {
            foreach (var one in occurred.ToList())
            {
                _cache.Apply(one with { Object = Copy(one.Object!) });
            }
        }

        private void List(ulong version)
        {
            var then = new Dictionary<string, V1ConfigMap>();
            foreach (var occurred in _history.Where(occurred => ulong.Parse(occurred.ResourceVersion) <= version))
            {
                var thing = occurred.Object!;
                if (occurred.Kind == WatchEventKind.Deleted)
                {
                    then.Remove(thing.Metadata.Name);
                }
                else
                {
                    then[thing.Metadata.Name] = Copy(thing);
                }
            }

            Assert.Equal(version >= _cache.Position.Revision, _cache.Replace(then.Values, At(version)));
        }

        private static V1ConfigMap Copy(V1ConfigMap thing) => Thing(thing.Metadata.Name, ulong.Parse(thing.Metadata.ResourceVersion), thing.Metadata.Uid);
    }
}
