package ibgateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.swing.JDialog;
import javax.swing.JLabel;

/** What outlasts the windows: the user, the API's process, the files of the settings folder. */
final class Session {
    private final Path settings = Path.of(System.getProperty("jtsConfigDir"));
    private String user = "";
    private Process api;

    /** Whether an earlier session left a token, and the helper names it. */
    boolean resumed() {
        String folder = System.getProperty("restart", "");
        Path token = settings.resolve(folder).resolve("autorestart");
        if (folder.isEmpty() || !Files.exists(token)) {
            return false;
        }
        try {
            Files.delete(token);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        user = "resumed";
        return true;
    }

    String user() {
        return user;
    }

    /** Notes who logs in, and a digest of the password: a test compares it with what it meant. */
    void enter(String name, char[] password, String mode) {
        user = name;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(new String(password).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            Files.writeString(settings.resolve("entered"),
                name + " " + mode + " " + HexFormat.of().formatHex(digest) + "\n",
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException | java.security.NoSuchAlgorithmException error) {
            throw new IllegalStateException(error);
        }
    }

    /** Starts the simulated Gateway on the port of this session; it ends with this program. */
    void startApi() {
        try {
            api = new ProcessBuilder(System.getenv("STAND_IN_API"), "--listen",
                "127.0.0.1:" + System.getenv("STAND_IN_PORT"), "--until-stdin-ends")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    /** What some users' Gateways do once they are up. */
    void afterLogin() {
        switch (user) {
            case "crash" -> GWClient.later(1000, () -> Runtime.getRuntime().halt(134));
            case "daily" -> GWClient.later(1000, this::restartWithToken);
            case "weekly" -> GWClient.later(1000, Session::loseTheServer);
            default -> { }
        }
    }

    /** Ends as at the daily restart: with a token for the next start. */
    void restartWithToken() {
        try {
            Path folder = Files.createDirectories(settings.resolve("abcdefgh"));
            Files.writeString(folder.resolve("autorestart"), "token\n");
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        end();
    }

    /** Says that the server does not know this session any more: a full login is due. */
    private static void loseTheServer() {
        JDialog dialog = Dialogs.make("Gateway");
        dialog.add(new JLabel("Connection to server failed: please log in again."));
        Dialogs.button(dialog, "OK", dialog::dispose);
        Dialogs.show(dialog);
    }

    void end() {
        if (api != null) {
            api.destroy();
        }
        System.exit(0);
    }
}
