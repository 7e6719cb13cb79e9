using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ppma.Testing.Kubernetes;

/// <summary>The certificate that the API server shows, which is its own authority, and the key that it signs service account tokens with.</summary>
internal sealed record ControlPlaneKeys(string CertificateFile, string KeyFile, string ServiceAccountKeyFile, X509Certificate2 Certificate)
{
    public static ControlPlaneKeys Create(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ppma-test-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)); // serverAuth
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        X509Certificate2 certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(2));

        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new ControlPlaneKeys(
            Write(folder, "apiserver.crt", certificate.ExportCertificatePem()),
            Write(folder, "apiserver.key", key.ExportECPrivateKeyPem()),
            Write(folder, "service-accounts.key", signing.ExportECPrivateKeyPem()),
            certificate);
    }

    private static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text + "\n");
        return path;
    }
}
