using CsCheck;

namespace Ppma.Controllers.Tests.Leading;

/// <summary>
/// Random runs of two or three processes whose clocks differ and drift, over networks that lose requests and answers and take seconds, with processes that
/// freeze, die, are asked to stop and start again.
/// </summary>
public sealed class LeaseElectionProperties
{
    private const int RunsOfTheSuite = 1000;
    private static readonly TimeSpan Trouble = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(60);

    [Fact]
    public void Election_InAnyTrouble_NeverHasTwoLeadersAndEndsWithOne()
    {
        int terms = 0;
        Gen.Int.Sample(
            seed =>
            {
                var election = new Election(seed);
                election.Play();
                Interlocked.Add(ref terms, election.Terms);
            },
            iter: RunsOfTheSuite);

        // Runs in which nobody ever takes over would prove nothing.
        Assert.True(terms > 3 * RunsOfTheSuite, $"only {terms} terms");
    }

    private sealed class Election
    {
        private readonly Random _random;
        private readonly VirtualWorld _world = new();
        private readonly VirtualLease _lease = new();
        private readonly List<Candidate> _all = [];
        private readonly Candidate[] _running;
        private readonly List<string> _strayWrites = [];
        private double _trouble = 1;
        private string? _lastToLead;

        public Election(int seed)
        {
            _random = new Random(seed);
            _running = new Candidate[2 + _random.Next(2)];
        }

        public int Terms { get; private set; }

        public void Play()
        {
            _world.AfterEachEvent = Check;
            for (int i = 0; i < _running.Length; i++)
            {
                StartProcess(i);
            }

            ScheduleTrouble();
            _world.RunUntil(Trouble);
            _trouble = 0;
            _world.RunUntil(Trouble + Calm);
            Assert.Single(_running, candidate => candidate.IsLeading);
        }

        private void Check()
        {
            List<Candidate> leaders = _all.Where(candidate => candidate.IsLeading).ToList();
            Assert.True(leaders.Count < 2, $"at {_world.Elapsed}: {string.Join(" and ", leaders.Select(leader => leader.Identity))} lead");
            Assert.Empty(_strayWrites);
            if (leaders is [{ } leader] && leader.Identity != _lastToLead)
            {
                _lastToLead = leader.Identity;
                Terms++;
            }

            for (int i = 0; i < _running.Length; i++)
            {
                // As a kubelet does with a container that ended.
                if (_running[i].Term.IsCompleted)
                {
                    StartProcess(i);
                }
            }
        }

        private void StartProcess(int i)
        {
            double clockRate = 0.95 + (0.1 * _random.NextDouble());
            var wallClockError = TimeSpan.FromHours(48 * (_random.NextDouble() - 0.5));
            var candidate = new Candidate(_world, _lease, $"{"abc"[i]}-{_all.Count}", clockRate, wallClockError);
            double lossRate = _random.NextDouble() < 0.5 ? 0.02 : 0.4;
            candidate.Network.Latency = () => TimeSpan.FromMilliseconds(_trouble > 0 && _random.NextDouble() < 0.05 ? _random.Next(12_000) : 1 + _random.Next(20));
            candidate.Network.Fate = () => _random.NextDouble() >= lossRate * _trouble ? PacketFate.Arrives
                : _random.NextDouble() < 0.5 ? PacketFate.Vanishes
                : PacketFate.Breaks;
            candidate.OnWrite = () =>
            {
                if (_lease.Holder != candidate.Identity)
                {
                    _strayWrites.Add($"at {_world.Elapsed}: {candidate.Identity} wrote under the lease of {_lease.Holder}");
                }
            };
            _all.Add(candidate);
            _running[i] = candidate.Start();
        }

        private void ScheduleTrouble() => _world.In(TimeSpan.FromSeconds(1 + (14 * _random.NextDouble())), () =>
        {
            if (_trouble == 0)
            {
                return;
            }

            int i = _random.Next(_running.Length);
            switch (_random.Next(6))
            {
                case 0:
                    _running[i].Process.Kill();
                    StartProcess(i);
                    break;
                case 1:
                    _running[i].Stop();
                    break;
                case 2:
                    _lease.Touch();
                    break;
                default:
                    _running[i].Process.Freeze(TimeSpan.FromSeconds(25 * _random.NextDouble()));
                    break;
            }

            ScheduleTrouble();
        });
    }
}
