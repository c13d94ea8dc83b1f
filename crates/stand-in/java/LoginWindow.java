package ibgateway;

import java.awt.FlowLayout;
import javax.swing.ButtonGroup;
import javax.swing.JButton;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JPasswordField;
import javax.swing.JTextField;
import javax.swing.JToggleButton;

/** The login window, and the dialogs that may follow its button. */
final class LoginWindow extends JFrame {
    private static final long serialVersionUID = 1L;

    LoginWindow(Session session) {
        super("IBKR Gateway");
        setLayout(new FlowLayout());
        choice("FIX CTCI", "IB API");
        JToggleButton paper = choice("Live Trading", "Paper Trading");
        add(new JLabel("Trading Mode"));
        JTextField name = new JTextField(12);
        JPasswordField password = new JPasswordField(12);
        add(name);
        add(password);
        JButton button = new JButton("Log In");
        paper.addItemListener(event -> button.setText(paper.isSelected() ? "Paper Log In" : "Log In"));
        button.addActionListener(event -> {
            session.enter(name.getText(), password.getPassword(), paper.isSelected() ? "paper" : "live");
            answer(session);
        });
        add(button);
        pack();
    }

    /** Adds two buttons of which one is down, and returns the second. */
    private JToggleButton choice(String first, String second) {
        ButtonGroup group = new ButtonGroup();
        JToggleButton last = null;
        for (String text : new String[] {first, second}) {
            last = new JToggleButton(text, text.equals(first));
            group.add(last);
            add(last);
        }
        return last;
    }

    private void answer(Session session) {
        switch (session.user()) {
            case "wrong" -> Login.refuse("Login failed",
                "Unrecognized username or password.");
            case "hasty" -> Login.refuse("Gateway login",
                "Too many failed login attempts. Please wait 53 seconds before attempting to "
                + "re-login again.");
            case "phone" -> Login.secondFactor(1000, () -> proceed(session));
            case "nobody" -> Login.secondFactor(2200, () -> { });
            case "weekly" -> Login.secondFactor(GWClient.MOMENT_MS, () -> proceed(session));
            case "twice" -> Login.existing(() -> proceed(session), session::end);
            case "puzzled" -> {
                Login.unknown("A notice of the year 2026", "Nobody has ever seen this window.");
                proceed(session);
            }
            case "outdated" -> Login.unknown("Update required",
                "This version is no longer supported and must be updated.");
            case "broken" -> Runtime.getRuntime().halt(134);
            default -> proceed(session);
        }
    }

    private void proceed(Session session) {
        dispose();
        GWClient.complete(session);
    }
}
