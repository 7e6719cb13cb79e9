namespace Ppma.Api.Conditions;

/// <summary>Every reason that a condition or a restart may give: a closed list, so that people and programs can rely on it.</summary>
public enum Reason
{
    /// <summary>The operator has not looked at it yet.</summary>
    Pending,

    /// <summary>A VideoDataset that is named is not there. Apply it, or correct the name.</summary>
    DatasetMissing,

    /// <summary>A VideoDataset that is named is not Ready. Its own conditions say why.</summary>
    DatasetNotReady,

    /// <summary>A VideoDataset holds other splits, counts, classes or humans than the manifests say. Correct the one that is wrong.</summary>
    DatasetUnexpected,

    /// <summary>All data sets are verified.</summary>
    DatasetsVerified,

    /// <summary>The PretrainRun whose weights are asked for is not there. Apply it, or correct the name.</summary>
    WeightsMissing,

    /// <summary>The PretrainRun whose weights are asked for has not finished.</summary>
    WeightsNotReady,

    /// <summary>The PretrainRun whose weights are asked for failed or was cancelled, so they will never be there.</summary>
    WeightsFailed,

    /// <summary>The weights that are asked for do not fit or were not kept: another architecture, no such stage, no best checkpoint, no checkpoint of that step.</summary>
    WeightsUnfit,

    /// <summary>The weights are there.</summary>
    WeightsFound,

    /// <summary>Nothing says what the weights were trained on, and real humans are forbidden.</summary>
    WeightsProvenanceUnknown,

    /// <summary>Real humans were forbidden, and every input is attested to show none.</summary>
    PrivacyGatePassed,

    /// <summary>Real humans were allowed: nothing was checked and nothing is claimed.</summary>
    PrivacyNotClaimed,

    /// <summary>Real humans are forbidden and some input may show them. The message names it.</summary>
    PrivacyGateRefused,

    /// <summary>The operator's settings forbid privacy.realHumans: Allowed here.</summary>
    RealHumansRuledOut,

    /// <summary>Nobody attests a data set that claims to show no real human.</summary>
    AttestationMissing,

    /// <summary>The attestation names no bytes (TrustOnFirstUse), which a cluster does not take.</summary>
    AttestationNotPinned,

    /// <summary>The attestation is for another version of the data set than the one that is there.</summary>
    AttestationMismatch,

    /// <summary>The attestation is for the bytes that are there.</summary>
    AttestationMatches,

    /// <summary>The spec can be carried out.</summary>
    SpecValid,

    /// <summary>The spec contradicts itself or asks for what is not available. The message names the field.</summary>
    SpecInvalid,

    /// <summary>The API server refuses the Job or its pod. The message is the server's.</summary>
    PodRefused,

    /// <summary>The pod breaks a rule of the operator (restricted profile, host access, tokens, secrets, reserved environment). The message names the field.</summary>
    PodNotAllowed,

    /// <summary>A field that may not change was changed after the run began. Put it back, or make a new run.</summary>
    ImmutableFieldChanged,

    /// <summary>An object of the name that is needed belongs to somebody else. Remove it, or rename the run.</summary>
    NameTaken,

    /// <summary>The run's frozen tasks are gone, so that it cannot go on with the same numbers.</summary>
    TasksLost,

    /// <summary>The run's tasks are frozen.</summary>
    TasksFrozen,

    /// <summary>The run's time to live after its end is over: Jobs and frozen tasks are deleted, results and checkpoints stay.</summary>
    TimeToLiveOver,

    /// <summary>The Job is there, and no pod of it yet.</summary>
    WaitingForPod,

    /// <summary>The run waits in its queue for quota.</summary>
    WaitingForQuota,

    /// <summary>No node has room or fits. The message is the scheduler's.</summary>
    Unschedulable,

    /// <summary>A quota or limit of the namespace keeps the pod from being made.</summary>
    QuotaExceeded,

    /// <summary>The image cannot be pulled: wrong name, no permission, or no network. The message is the node's.</summary>
    ImagePullFailed,

    /// <summary>A Secret, ConfigMap or key that the pod mounts is not there.</summary>
    MissingSecret,

    /// <summary>A volume cannot be mounted.</summary>
    MissingVolume,

    /// <summary>The container cannot be created or started. The message is the node's.</summary>
    ContainerNotStarted,

    /// <summary>The pod has a node and is being started.</summary>
    Starting,

    /// <summary>The worker runs, and has not finished its first step.</summary>
    Loading,

    /// <summary>Steps are being done.</summary>
    Running,

    /// <summary>The worker cannot be reached, so nothing is known about its progress. It is left alone.</summary>
    WorkerUnreachable,

    /// <summary>Waiting before the next attempt.</summary>
    BackingOff,

    /// <summary>The annotation ppma.cloud/paused keeps the operator away.</summary>
    Paused,

    /// <summary>Suspended by spec.suspend.</summary>
    Suspended,

    /// <summary>Suspension was asked for; the worker writes its checkpoint.</summary>
    Suspending,

    /// <summary>Cancellation was asked for; the worker stops.</summary>
    Cancelling,

    /// <summary>Cancelled by spec.cancel.</summary>
    Cancelled,

    /// <summary>It ended well.</summary>
    Completed,

    /// <summary>No step was done before deadlines.startupSeconds.</summary>
    StartupDeadlineExceeded,

    /// <summary>No node was found before deadlines.scaleUpSeconds.</summary>
    ScaleUpDeadlineExceeded,

    /// <summary>It ran longer than deadlines.activeSeconds.</summary>
    ActiveDeadlineExceeded,

    /// <summary>No step finished within deadlines.progressSeconds (exit code 43, or seen from outside).</summary>
    Stalled,

    /// <summary>The application's restart budget is used up. The message says what happened last.</summary>
    ApplicationBudgetExhausted,

    /// <summary>The infrastructure's restart budget is used up. The message says what happened last.</summary>
    InfrastructureBudgetExhausted,

    /// <summary>Storage or network failed (exit code 40).</summary>
    StorageOrNetwork,

    /// <summary>The ranks lost each other (exit code 41).</summary>
    RendezvousLost,

    /// <summary>Stopped from outside after a checkpoint (exit code 42).</summary>
    Interrupted,

    /// <summary>Another attempt took over (exit code 44).</summary>
    Superseded,

    /// <summary>The worker refuses its task (exit code 64).</summary>
    BadSpec,

    /// <summary>Data is not what its digest says (exit code 65).</summary>
    DataDigestMismatch,

    /// <summary>Footage of real people where it is forbidden (exit code 66).</summary>
    PrivacyViolation,

    /// <summary>The loss diverged (exit code 67).</summary>
    Diverged,

    /// <summary>No usable checkpoint (exit code 68).</summary>
    NoUsableCheckpoint,

    /// <summary>The worker ended with a code that no other reason names.</summary>
    Failed,

    /// <summary>The container used more memory than its limit.</summary>
    OutOfMemory,

    /// <summary>The pod wrote more to its own disk than a limit of it (an emptyDir's sizeLimit, ephemeral-storage), and was evicted.</summary>
    OutOfStorage,

    /// <summary>The worker was killed (exit code 137 or 143), not for memory and not by the operator.</summary>
    Killed,

    /// <summary>The pod was preempted, evicted, or its node drained.</summary>
    Disrupted,

    /// <summary>The pod's node is gone.</summary>
    NodeLost,

    /// <summary>The Job or its pod was deleted by somebody else.</summary>
    DeletedByOthers,

    /// <summary>The data set is being read.</summary>
    Verifying,

    /// <summary>The data set was read and is sound.</summary>
    DatasetVerified,

    /// <summary>The data set could not be read or is not sound. It is tried again.</summary>
    VerificationFailed,
}
