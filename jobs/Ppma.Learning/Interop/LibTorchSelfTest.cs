using System.Runtime.InteropServices;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using static TorchSharp.torch;

namespace Ppma.Learning.Interop;

/// <summary>Tries, in milliseconds, everything this project asks of libtorch beyond TorchSharp's own surface.</summary>
public static class LibTorchSelfTest
{
    /// <summary>Run once before any task that computes.</summary>
    /// <exception cref="LibTorchUnavailableException">The library does not load, or is not the version this project was built for.</exception>
    public static void Run()
    {
        Load();
        try
        {
            using var scope = NewDisposeScope();
            Expect(AutocastCasts(), "autocast to bfloat16");
            Expect(AdamWSteps(), "the fused AdamW kernel");
            Expect(NormIsJoint(), "the norm over lists");
            Expect(AveragesMove(), "the moving average over lists");
            Expect(ScaleBacksOff(), "the update of the loss scale");
        }
        catch (Exception e) when (e is EntryPointNotFoundException or ExternalException or DllNotFoundException)
        {
            throw new LibTorchUnavailableException(
                $"libtorch lacks what this program needs ({e.Message.ReplaceLineEndings(" ")}): use libtorch {LibTorch.Version}.", e);
        }
    }

    // The loader is asked first: TorchSharp would print pages and hide the loader's answer.
    private static void Load()
    {
        string said = LoadFailure.LoaderMessage(AppContext.BaseDirectory);
        if (said.Length > 0)
        {
            throw new LibTorchUnavailableException(LoadFailure.Explain(said, RuntimeInformation.ProcessArchitecture));
        }
    }

    private static void Expect(bool works, string what)
    {
        if (!works)
        {
            throw new LibTorchUnavailableException($"libtorch computes something else than expected in {what}: use libtorch {LibTorch.Version}.");
        }
    }

    private static bool AutocastCasts()
    {
        var matrix = eye(2);
        using (Autocast.Begin(CPU, ComputePrecision.BFloat16))
        {
            if (mm(matrix, matrix).dtype != ScalarType.BFloat16)
            {
                return false;
            }
        }

        return mm(matrix, matrix).dtype == ScalarType.Float32;
    }

    private static bool AdamWSteps()
    {
        const double rate = 0.25;
        const double decay = 0.5;
        Tensor[] parameter = [ones(1)];
        Tensor[] gradient = [ones(1)];
        Tensor[] average = [zeros(1)];
        Tensor[] square = [zeros(1)];
        var options = new AdamWOptions();
        FusedKernels.AdamW(parameter, gradient, average, square, ones(1), rate, decay, options, skip: ones(1), divisor: null);
        bool skipped = parameter[0].item<float>() == 1;
        FusedKernels.AdamW(parameter, gradient, average, square, ones(1), rate, decay, options, skip: null, divisor: null);

        // The first step's bias-corrected direction is the gradient's sign.
        return skipped && Math.Abs(parameter[0].item<float>() - (1 - (rate * decay) - rate)) < 1e-6;
    }

    private static bool NormIsJoint() =>
        Math.Abs(FusedKernels.Norm([tensor(new float[] { 3 }), tensor(new float[] { 4 })]).item<float>() - 5) < 1e-5;

    private static bool AveragesMove()
    {
        Tensor[] average = [zeros(1)];
        FusedKernels.LerpInPlace(average, [ones(1)], 0.25);
        return average[0].item<float>() == 0.25f;
    }

    private static bool ScaleBacksOff()
    {
        Tensor scale = tensor([8f]);
        FusedKernels.UpdateScaleInPlace(scale, zeros(1, dtype: ScalarType.Int32), ones(1), growth: 2, backoff: 0.5, interval: 1);
        return scale.item<float>() == 4;
    }
}
