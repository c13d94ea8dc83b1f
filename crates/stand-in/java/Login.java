package ibgateway;

import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JTextArea;

/**
 * What may come between the login button and a session, by the user's name: {@code wrong} and
 * {@code hasty} are refused, {@code phone} is asked for a second factor and gives it, {@code nobody}
 * does not, {@code twice} is logged in elsewhere, {@code puzzled} sees a window that no helper
 * knows, {@code broken} ends at once, and everybody else is let in.
 */
final class Login {
    private Login() {}

    static void refuse(String title, String why) {
        JDialog dialog = Dialogs.make(title);
        dialog.add(new JTextArea(why));
        Dialogs.button(dialog, "OK", dialog::dispose);
        Dialogs.show(dialog);
    }

    /** Waits for the phone for so long, and then goes on. */
    static void secondFactor(int waitMs, Runnable next) {
        JDialog dialog = Dialogs.make("Second Factor Authentication");
        dialog.add(new JLabel("Approve the request on your phone."));
        Dialogs.show(dialog);
        GWClient.later(waitMs, () -> {
            dialog.dispose();
            next.run();
        });
    }

    static void existing(Runnable stay, Runnable leave) {
        JDialog dialog = Dialogs.make("Existing session detected");
        dialog.add(new JLabel("Another session of this user is open."));
        Dialogs.button(dialog, "Continue Login", () -> {
            dialog.dispose();
            stay.run();
        });
        Dialogs.button(dialog, "Cancel", leave);
        Dialogs.show(dialog);
    }

    static void unknown(String title, String text) {
        JDialog dialog = Dialogs.make(title);
        dialog.add(new JLabel(text));
        Dialogs.button(dialog, "Later", dialog::dispose);
        Dialogs.show(dialog);
    }
}
