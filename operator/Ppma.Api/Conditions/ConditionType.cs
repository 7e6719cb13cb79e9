namespace Ppma.Api.Conditions;

/// <summary>Every condition that a resource of the group may carry. Ready is there from the first status on; Reconciling and Stalled only while true.</summary>
public enum ConditionType
{
    /// <summary>Run: True when it succeeded, False when it failed or was cancelled, Unknown before. VideoDataset: whether runs may use it.</summary>
    Ready,

    /// <summary>True while the operator or a worker is at it; absent otherwise (kstatus).</summary>
    Reconciling,

    /// <summary>True when nothing more will happen without a person; absent otherwise (kstatus).</summary>
    Stalled,

    /// <summary>Whether the spec can be carried out: accepted by the operator's checks and by the API server.</summary>
    SpecAccepted,

    /// <summary>Run: whether every data set it names is there, verified and as expected.</summary>
    DatasetsReady,

    /// <summary>Run: whether the weights it starts from are there.</summary>
    WeightsReady,

    /// <summary>PretrainRun: whether the privacy gate let it through.</summary>
    PrivacyGatePassed,

    /// <summary>Run: whether its tasks are frozen; from then on nothing outside changes what it computes.</summary>
    Admitted,

    /// <summary>Run: whether the current attempt's pod has a node. False with the scheduler's or the queue's reason.</summary>
    Scheduled,

    /// <summary>Run: whether steps are being done. Unknown while the worker cannot be asked.</summary>
    Progressing,

    /// <summary>Run: True while it is suspended and none of its pods is left.</summary>
    Suspended,

    /// <summary>Run: True at its end when every stage has its result, False when it will never have.</summary>
    Succeeded,

    /// <summary>VideoDataset: whether the last verification could read it and found it sound.</summary>
    Verified,

    /// <summary>VideoDataset: whether somebody attests the bytes that are there. Absent for footage of real people, which needs no attestation.</summary>
    Attested,
}
