package ibgateway;

import java.util.Timer;
import java.util.TimerTask;
import javax.swing.JFrame;
import javax.swing.SwingUtilities;

/**
 * A stand-in for IB Gateway: the windows that a login helper looks for, and behind them the
 * simulated Gateway as a child process. It bears the name of the class that helpers start.
 *
 * What happens is decided by the user's name; see {@link Login}.
 */
public final class GWClient {
    /** Long enough for a helper to see a window, short enough for a test. */
    static final int MOMENT_MS = 300;

    private GWClient() {}

    public static void main(String[] args) {
        SwingUtilities.invokeLater(() -> {
            Session session = new Session();
            MainWindow.open(session);
            if (session.resumed()) {
                complete(session);
            } else {
                new LoginWindow(session).setVisible(true);
            }
        });
    }

    /** Login is done: the splash comes and goes, and the API listens. */
    static void complete(Session session) {
        JFrame splash = new JFrame("Starting application...");
        splash.setSize(200, 80);
        splash.setVisible(true);
        session.startApi();
        later(MOMENT_MS, () -> {
            splash.dispose();
            SettingsDialog.makeReady();
            session.afterLogin();
        });
    }

    static void later(int ms, Runnable what) {
        new Timer(true).schedule(new TimerTask() {
            @Override
            public void run() {
                SwingUtilities.invokeLater(what);
            }
        }, ms);
    }
}
